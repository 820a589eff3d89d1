import type { Pool } from 'pg';
import { type PlaceholdersOf, prepared, raw, sql, unknownValue } from '#shared/db/sql.ts';
import type { ChangeFeedName } from '#shared/sync/change-feed.ts';
import { selectOne } from '../../store/select-one.ts';
import { type AskedQuery, dayOf, pageOf } from '../wire/asked-query.ts';
import type { Documents } from '../wire/documents.ts';
import { TmdbFailure } from '../wire/tmdb-failure.ts';
import type { TmdbRoute } from '../wire/tmdb-route.ts';

const dayMs = 86_400_000;
/** TMDb refuses longer ones. */
const mostDays = 14;
/** TMDb's pages of changes are longer than others. */
const pageSize = 100;
const mostPages = 500;

interface Window {
  from: Date;
  /** Not in it any more. */
  until: Date;
}

interface Found {
  rows: string;
  total: number;
  read_until_ms: number | null;
}

type Asked = Window & { offset: number };

/** Movies with the last of their changes. */
const changedMovies = ({ from, until }: PlaceholdersOf<Window>) => sql`
      select tmdb_id as id, adult, change_seen_at as at from movies
      where change_seen_at >= ${unknownValue(from, 'timestamptz')} and change_seen_at < ${unknownValue(until, 'timestamptz')}`;

/** People who are mirrored whole; of others the mirror does not follow what changes. */
const changedPeople = ({ from, until }: PlaceholdersOf<Window>) => sql`
      select r.id, coalesce(p.adult, false) as adult, r.changed_at as at from records r left join people p on p.id = r.id
      where r.kind = 'person' and r.changed_at >= ${unknownValue(from, 'timestamptz')} and r.changed_at < ${unknownValue(until, 'timestamptz')}`;

const statementOf = (feed: ChangeFeedName, changed: typeof changedMovies) =>
  prepared<Asked, Found>(
    `api-facade-changes-${feed}`,
    ({ from, until, offset }) => sql`
    with changed as materialized (
      ${changed({ from, until })} order by at desc, id limit ${mostPages * pageSize}::bigint
    )
    select (select count(*)::int from changed) as total,
      (select (extract(epoch from read_until) * 1000)::float8 from change_feeds where name = ${raw(`'${feed}'`)}) as read_until_ms,
      (select coalesce(json_agg(row order by place), '[]')::text from (
        select json_build_object('id', id, 'adult', adult) as row, row_number() over (order by at desc, id) as place
        from changed order by at desc, id limit ${pageSize}::bigint offset ${offset}::bigint
      ) page) as rows`,
  );

const statements: Record<ChangeFeedName, ReturnType<typeof statementOf>> = {
  movie: statementOf('movie', changedMovies),
  person: statementOf('person', changedPeople),
};

interface ChangesDeps {
  pool: Pool;
  documents: Documents;
  now: () => number;
}

/** What of the mirror has changed at TMDb, as it has learned it: in the last day, or in whole days up to 14. */
export function changesRoutes({ pool, documents, now }: ChangesDeps): TmdbRoute[] {
  return (['movie', 'person'] as const).map((feed) => ({
    path: `${feed}/changes`,
    answer({ query }) {
      const page = pageOf(query);
      const window = windowOf(query, now());
      const key = `changes/${feed}/${page}/${window.from.getTime()}/${window.until.getTime()}`;
      return documents.ofMoment(key, async () => {
        const asked = { ...window, offset: (page - 1) * pageSize };
        const { rows, total, read_until_ms } = await selectOne(pool, statements[feed](asked));
        const pages = Math.min(mostPages, Math.max(1, Math.ceil(total / pageSize)));
        return {
          text: `{"results":${rows},"page":${page},"total_pages":${pages},"total_results":${total}}`,
          fetchedAtMs: read_until_ms ?? undefined,
        };
      });
    },
  }));
}

/** @throws {TmdbFailure} 23 for what is no day, 20 for too many of them */
function windowOf(query: AskedQuery, nowMs: number): Window {
  const [start, end] = ['start_date', 'end_date'].map((name) => {
    const text = query.get(name);
    return text === undefined ? undefined : Date.parse(`${dayOf(text)}T00:00:00Z`);
  });
  if (start === undefined && end === undefined) {
    // To the minute, so that an answer may be kept for one.
    const untilMs = Math.ceil(nowMs / 60_000) * 60_000;
    return { from: new Date(untilMs - dayMs), until: new Date(untilMs) };
  }
  const lastMs = end ?? Math.min(nowMs, (start ?? nowMs) + mostDays * dayMs);
  const firstMs = start ?? lastMs - dayMs;
  if (lastMs - firstMs > mostDays * dayMs) throw new TmdbFailure(20);
  // The last day counts in.
  return { from: new Date(firstMs), until: new Date(Math.floor(lastMs / dayMs + 1) * dayMs) };
}
