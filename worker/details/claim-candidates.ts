import type { MirrorScope } from '#shared/config.ts';
import { runStatement } from '#shared/db/run-statement.ts';
import { join, raw, sql } from '#shared/db/sql.ts';
import { absenceMs, stampSlackMs } from '#shared/movies/freshness.ts';
import { scopeRank } from '#shared/movies/movie.ts';
import { type ClaimKind, claimOrder, shortestIntervalMs } from '#shared/movies/refresh-plan.ts';
import type { Sql } from '#worker/store/write-transaction.ts';

export interface CandidateOptions {
  scope: MirrorScope;
  /** What was fetched before may lack a change that TMDb no longer tells of. */
  suspectBefore?: Date | undefined;
  /** Movies that may still be refreshed although they are not due. Claiming counts it down. */
  spareCalls?: { left: number } | undefined;
  /** When this execution of the job began: what was tried since is not tried again. */
  since: Date;
  now: Date;
}

const firstLookMs = 600_000;
const ms = sql`interval '1 millisecond'`;
/** What is stamped later than this was stamped by a clock that was wrong, and tells nothing. */
const latest = (now: Date) => sql`(${now}::timestamptz + ${stampSlackMs} * ${ms})`;

/**
 * An id that TMDb does not have is asked for again after a day, then after twice as long each time: a deleted
 * title costs a handful of calls a year, and one that comes back is found. A movie whose details we hold is asked for
 * again after ten minutes first: if TMDb was wrong, its refreshes go on soon. And it is asked for when the first answer
 * is a day old, since the second one then makes it gone.
 */
const notKnownAbsent = (now: Date) => sql`not exists (
  select 1 from movie_absences a where a.tmdb_id = m.tmdb_id and a.last_seen_at <= ${latest(now)}
    and ${now}::timestamptz < case
      when m.state <> 'detailed' then a.last_seen_at + greatest(${absenceMs} * ${ms}, a.last_seen_at - a.first_seen_at)
      when a.last_seen_at < a.first_seen_at + ${absenceMs} * ${ms} then least(a.first_seen_at + ${absenceMs} * ${ms},
        a.last_seen_at + greatest(${firstLookMs} * ${ms}, a.last_seen_at - a.first_seen_at))
      else a.last_seen_at + (a.last_seen_at - a.first_seen_at) end)`;

const untried = ({ since, now }: CandidateOptions) =>
  sql`(m.attempted_at is null or m.attempted_at < ${since} or m.attempted_at > ${latest(now)})`;

const toDetail = (options: CandidateOptions) => sql`
  m.scope is not null and m.scope <= ${scopeRank[options.scope]} and m.state in ('unknown', 'listed', 'purged')
    and ${untried(options)} and ${notKnownAbsent(options.now)}`;

const due = (scope: number, options: CandidateOptions) => sql`
  m.state = 'detailed' and m.scope = ${scope} and m.refresh_due_at <= ${options.now}
    and ${untried(options)} and ${notKnownAbsent(options.now)}`;

const unplanned = (scope: number, options: CandidateOptions) => sql`
  m.state = 'detailed' and m.scope = ${scope} and m.refresh_due_at is null
    and ${untried(options)} and ${notKnownAbsent(options.now)}`;

const stampedInFuture = (scope: number, options: CandidateOptions) => sql`
  m.state = 'detailed' and m.scope = ${scope} and m.fetched_at > ${latest(options.now)}
    and ${untried(options)} and ${notKnownAbsent(options.now)}`;

/** What TMDb says it has changed. Also what changed again after it was tried. */
const changed = (options: CandidateOptions) => sql`
  m.state = 'detailed' and m.changed_at is not null and m.scope <= ${scopeRank[options.scope]}
    and (${untried(options)} or (m.attempted_at < m.changed_at and m.changed_at <= ${options.now})) and ${notKnownAbsent(options.now)}`;

const suspect = (scope: number, options: CandidateOptions) => sql`
  m.state = 'detailed' and m.scope = ${scope} and m.fetched_at < ${options.suspectBefore ?? null}::timestamptz
    and ${untried(options)} and ${notKnownAbsent(options.now)}`;

/** Not due, but the oldest there is: what the rest of the budget is for. */
const spare = (scope: number, options: CandidateOptions) => sql`
  m.state = 'detailed' and m.scope = ${scope} and m.fetched_at < ${options.now}::timestamptz - ${shortestIntervalMs} * ${ms}
    and ${untried(options)} and ${notKnownAbsent(options.now)}`;

/** Fetched before parts were kept. */
const withoutParts = (options: CandidateOptions) => sql`
  m.state = 'detailed' and m.parts_version is null and m.scope <= ${scopeRank[options.scope]}
    and ${untried(options)} and ${notKnownAbsent(options.now)}`;

/** Gone ones are asked about again, ever more seldom: TMDb restores titles. */
const perhapsBack = (options: CandidateOptions) => sql`
  m.gone_at is not null and m.state = 'gone' and ${untried(options)} and ${notKnownAbsent(options.now)}`;

/** The ranks up to the mirror's scope: each is a range of the index of its own, oldest first. */
const ranksOf = ({ scope }: CandidateOptions): number[] =>
  Array.from({ length: scopeRank[scope] }, (_, index) => index + 1);

/** What is due by the rule: each is a range of an index of its own. */
const dueRanges = (options: CandidateOptions) =>
  ranksOf(options).flatMap((rank) => [
    unplanned(rank, options),
    due(rank, options),
    stampedInFuture(rank, options),
  ]);

const anyDue = (options: CandidateOptions) =>
  join(
    dueRanges(options).map((condition) => sql`(${condition})`),
    ' or ',
  );

const anySuspect = (options: CandidateOptions) =>
  join(
    ranksOf(options).map((rank) => sql`(${suspect(rank, options)})`),
    ' or ',
  );

/** How many movies `details` has to ask about now. */
export async function countCandidates(on: Sql, options: CandidateOptions): Promise<number> {
  const rows = await runStatement(
    on,
    sql<{ total: string }>`
    select (select count(*) from movies m where ${toDetail(options)})
      + (select count(*) from movies m where ${anyDue(options)} or (${withoutParts(options)})
        or (${changed(options)}) or ${anySuspect(options)})
      + (select count(*) from movies m where ${perhapsBack(options)}) as total`,
  );
  return Number(rows[0]?.total ?? 0);
}

/**
 * Takes the next movies to ask about, in the order of `claimOrder`. What TMDb says has changed goes by when that became
 * known, what is bare by reason and popularity, what is due by when it was due, and what is left by age. Taking marks them tried, so the next call goes on behind them; what is then neither
 * written nor failed (a kill) is taken again by the next execution, whose `since` is later.
 */
export async function claimCandidates(on: Sql, options: CandidateOptions, limit: number): Promise<number[]> {
  for (const kind of claimOrder) {
    const ids = await claims[kind](on, options, limit);
    if (ids.length > 0) return ids;
  }
  return [];
}

const claimChanged = (on: Sql, options: CandidateOptions, limit: number) =>
  mark(
    on,
    options,
    sql`select m.id, row_number() over (order by m.changed_at, m.id) as turn
      from (select m.id, m.changed_at from movies m where ${changed(options)}
        order by m.changed_at, m.id limit ${limit}) m`,
  );

/** The first of several ranges, each read along its index. */
const firstOf = (
  conditions: ReturnType<typeof sql>[],
  { by, limit }: { by: 'fetched_at' | 'refresh_due_at'; limit: number },
) =>
  sql`select id, row_number() over (order by min(at) nulls first, id) as turn from (
        ${join(
          conditions.map(
            (condition) => sql`(select m.id, m.${raw(by)} as at from movies m where ${condition}
              order by m.${raw(by)} limit ${limit})`,
          ),
          ' union all ',
        )}) s
      group by id order by turn limit ${limit}`;

const claimSuspect = async (on: Sql, options: CandidateOptions, limit: number) =>
  options.suspectBefore === undefined
    ? []
    : mark(
        on,
        options,
        firstOf(
          ranksOf(options).map((rank) => suspect(rank, options)),
          { by: 'fetched_at', limit },
        ),
      );

const claimWithoutParts = (on: Sql, options: CandidateOptions, limit: number) =>
  claimByReason(on, options, { limit, condition: withoutParts(options) });

const claimToDetail = (on: Sql, options: CandidateOptions, limit: number) =>
  claimByReason(on, options, { limit, condition: toDetail(options) });

const claimByReason = (
  on: Sql,
  options: CandidateOptions,
  { limit, condition }: { limit: number; condition: ReturnType<typeof sql> },
) =>
  mark(
    on,
    options,
    sql`select m.id, row_number() over (order by m.scope, m.popularity desc nulls last, m.id) as turn
      from (select * from movies m where ${condition}
        order by m.scope, m.popularity desc nulls last, m.id limit ${limit}) m`,
  );

const claimDue = (on: Sql, options: CandidateOptions, limit: number) =>
  mark(on, options, firstOf(dueRanges(options), { by: 'refresh_due_at', limit }));

async function claimSpare(on: Sql, options: CandidateOptions, limit: number): Promise<number[]> {
  const { spareCalls } = options;
  if (spareCalls === undefined || spareCalls.left <= 0) return [];
  const most = Math.min(limit, spareCalls.left);
  const conditions = ranksOf(options).map((rank) => spare(rank, options));
  const ids = await mark(on, options, firstOf(conditions, { by: 'fetched_at', limit: most }));
  spareCalls.left -= ids.length;
  return ids;
}

const claimPerhapsBack = (on: Sql, options: CandidateOptions, limit: number) =>
  mark(on, options, sql`select m.id, 1 as turn from movies m where ${perhapsBack(options)} limit ${limit}`);

async function mark(
  on: Sql,
  { since, now }: CandidateOptions,
  chosen: ReturnType<typeof sql>,
): Promise<number[]> {
  // Never before `since`, whatever the clock says: a mark must count as tried.
  const at = now > since ? now : since;
  const rows = await runStatement(
    on,
    sql<{ tmdb_id: number; turn: string }>`
    with chosen as materialized (${chosen})
    update movies m set attempted_at = ${at} from chosen
    where m.id = chosen.id returning m.tmdb_id, chosen.turn`,
  );
  return rows.sort((a, b) => Number(a.turn) - Number(b.turn)).map((row) => row.tmdb_id);
}

async function claimBare(on: Sql, options: CandidateOptions, limit: number): Promise<number[]> {
  const ids = await claimWithoutParts(on, options, limit);
  return ids.length > 0 ? ids : claimToDetail(on, options, limit);
}

const claims: Record<ClaimKind, typeof claimDue> = {
  changed: claimChanged,
  bare: claimBare,
  due: claimDue,
  returning: claimPerhapsBack,
  suspect: claimSuspect,
  spare: claimSpare,
};

/** Movies that users interacted with or prefer get details, even if they are known only as a relation. */
export async function wantWhatUsersTouched(on: Sql): Promise<void> {
  await runStatement(
    on,
    sql`
    update movies m set scope = ${scopeRank.trending}::smallint
    where m.state <> 'gone' and (m.scope is null or m.scope > ${scopeRank.trending})
      and (exists (select 1 from user_movie_interactions i where i.movie_id = m.id)
        or exists (select 1 from user_movie_preferences p where p.movie_id = m.id)
        or exists (select 1 from user_movie_ratings r where r.movie_id = m.id))`,
  );
}
