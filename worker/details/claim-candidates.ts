import type { MirrorScope } from '#shared/config.ts';
import { runStatement } from '#shared/db/run-statement.ts';
import { join, sql } from '#shared/db/sql.ts';
import {
  absenceMs,
  newReleaseMs,
  newReleaseStaleAfterMs,
  staleAfterMs,
  stampSlackMs,
} from '#shared/movies/freshness.ts';
import { scopeRank } from '#shared/movies/movie.ts';
import type { Sql } from '#worker/store/write-transaction.ts';

export interface CandidateOptions {
  scope: MirrorScope;
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
 * again after ten minutes first: if TMDb was wrong, its refreshes go on soon.
 */
const notKnownAbsent = (now: Date) => sql`not exists (
  select 1 from movie_absences a where a.tmdb_id = m.tmdb_id and a.last_seen_at <= ${latest(now)}
    and ${now}::timestamptz - a.last_seen_at < greatest(
      case when m.state = 'detailed' then ${firstLookMs} * ${ms} else ${absenceMs} * ${ms} end, a.last_seen_at - a.first_seen_at))`;

const untried = ({ since, now }: CandidateOptions) =>
  sql`(m.attempted_at is null or m.attempted_at < ${since} or m.attempted_at > ${latest(now)})`;

const toDetail = (options: CandidateOptions) => sql`
  m.scope is not null and m.scope <= ${scopeRank[options.scope]} and m.state in ('unknown', 'listed', 'purged')
    and ${untried(options)} and ${notKnownAbsent(options.now)}`;

const staleOf = (scope: number, options: CandidateOptions) => sql`
  m.state = 'detailed' and m.scope = ${scope} and m.fetched_at < ${options.now}::timestamptz - ${staleAfterMs} * ${ms}
    and ${untried(options)} and ${notKnownAbsent(options.now)}`;

const stampedInFuture = (scope: number, options: CandidateOptions) => sql`
  m.state = 'detailed' and m.scope = ${scope} and m.fetched_at > ${latest(options.now)}
    and ${untried(options)} and ${notKnownAbsent(options.now)}`;

const staleNewRelease = (options: CandidateOptions) => sql`
  m.state = 'detailed' and m.scope <= ${scopeRank[options.scope]} and m.fetched_at < ${options.now}::timestamptz - ${newReleaseStaleAfterMs} * ${ms}
    and m.release_date between (${options.now}::timestamptz - ${newReleaseMs} * ${ms})::date and (${options.now}::timestamptz)::date
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

const anyStale = (options: CandidateOptions) =>
  join(
    ranksOf(options).flatMap((rank) => [
      sql`(${staleOf(rank, options)})`,
      sql`(${stampedInFuture(rank, options)})`,
    ]),
    ' or ',
  );

/** How many movies `details` has to ask about now. */
export async function countCandidates(on: Sql, options: CandidateOptions): Promise<number> {
  const rows = await runStatement(
    on,
    sql<{ total: string }>`
    select (select count(*) from movies m where ${toDetail(options)})
      + (select count(*) from movies m where ${anyStale(options)} or ${staleNewRelease(options)} or (${withoutParts(options)}))
      + (select count(*) from movies m where ${perhapsBack(options)}) as total`,
  );
  return Number(rows[0]?.total ?? 0);
}

/**
 * Takes the next movies to ask about: first what lacks its parts, then what is not yet detailed (both by reason, then popularity), then what is
 * stale, oldest first. Taking marks them tried, so the next call goes on behind them; what is then neither
 * written nor failed (a kill) is taken again by the next execution, whose `since` is later.
 */
export async function claimCandidates(on: Sql, options: CandidateOptions, limit: number): Promise<number[]> {
  for (const claim of [claimWithoutParts, claimToDetail, claimStale, claimPerhapsBack]) {
    const ids = await claim(on, options, limit);
    if (ids.length > 0) return ids;
  }
  return [];
}

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

const claimStale = (on: Sql, options: CandidateOptions, limit: number) =>
  mark(
    on,
    options,
    sql`select id, row_number() over (order by min(fetched_at), id) as turn from (
        ${join(
          [
            ...ranksOf(options).flatMap((rank) => [staleOf(rank, options), stampedInFuture(rank, options)]),
            staleNewRelease(options),
          ].map(
            (condition) => sql`(select m.id, m.fetched_at from movies m where ${condition}
              order by m.fetched_at limit ${limit})`,
          ),
          ' union all ',
        )}) s
      group by id order by turn limit ${limit}`,
  );

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
