import type { Pool } from 'pg';
import { prepared, sql } from '#shared/db/sql.ts';
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

/** Each movie stands at the last of its changes. */
const changesStatement = prepared<Window & { offset: number }, Found>(
  'api-facade-changes',
  ({ from, until, offset }) => sql`
    with changed as materialized (
      select tmdb_id, adult, change_seen_at from movies
      where change_seen_at >= ${from} and change_seen_at < ${until} order by change_seen_at desc, tmdb_id
      limit ${mostPages * pageSize}::bigint
    )
    select (select count(*)::int from changed) as total,
      (select (extract(epoch from read_until) * 1000)::float8 from change_feeds where name = 'movie') as read_until_ms,
      (select coalesce(json_agg(row order by place), '[]')::text from (
        select json_build_object('id', tmdb_id, 'adult', adult) as row,
          row_number() over (order by change_seen_at desc, tmdb_id) as place
        from changed order by change_seen_at desc, tmdb_id limit ${pageSize}::bigint offset ${offset}::bigint
      ) page) as rows`,
);

interface ChangesDeps {
  pool: Pool;
  documents: Documents;
  now: () => number;
}

/** Which mirrored movies have changed at TMDb, as the mirror has learned it: the last day, or whole days up to 14. */
export function changesRoute({ pool, documents, now }: ChangesDeps): TmdbRoute {
  return {
    path: 'movie/changes',
    answer({ query }) {
      const page = pageOf(query);
      const window = windowOf(query, now());
      const key = `changes/${page}/${window.from.getTime()}/${window.until.getTime()}`;
      return documents.ofMoment(key, async () => {
        const asked = { ...window, offset: (page - 1) * pageSize };
        const { rows, total, read_until_ms } = await selectOne(pool, changesStatement(asked));
        const pages = Math.min(mostPages, Math.max(1, Math.ceil(total / pageSize)));
        return {
          text: `{"results":${rows},"page":${page},"total_pages":${pages},"total_results":${total}}`,
          fetchedAtMs: read_until_ms ?? undefined,
        };
      });
    },
  };
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
