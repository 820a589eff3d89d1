import type { Pool } from 'pg';
import { type PlaceholdersOf, prepared, sql } from '#shared/db/sql.ts';
import { NexusError } from '#shared/errors.ts';
import type { Queues } from '#shared/queues/queue.ts';
import { isoTime } from '../http/answers/iso-time.ts';
import type { SecurityLog } from '../security-log/security-log.ts';
import { queryInTurn } from '../store/query-in-turn.ts';
import { queryStore } from '../store/query-store.ts';
import { selectOne } from '../store/select-one.ts';
import type { MergesQuery, MovieMerge } from './merge-model.ts';
import type { Actor } from './users/service.ts';

const columns = sql`g.tmdb_id, m.title, g.into_tmdb_id, n.title as into_title, g.state,
  round(g.certainty::numeric, 2)::float8 as certainty, ${isoTime('g.looked_at')} as looked_at,
  ${isoTime('g.decided_at')} as decided_at`;
const titles = sql`left join movies m on m.tmdb_id = g.tmdb_id left join movies n on n.tmdb_id = g.into_tmdb_id`;

interface Asked {
  state: string | null;
}

const isAsked = ({ state }: PlaceholdersOf<Asked>) =>
  sql`((${state}::text is null and g.state <> 'none') or g.state = ${state})`;
const newestFirst = sql`g.looked_at desc, g.tmdb_id`;

/** Titles are looked up of those alone that are on the page. */
const pageStatement = prepared<Asked & { limit: number; offset: number }, MovieMerge>(
  'api-movie-merges',
  (asked) => sql`
    select ${columns} from (
      select * from movie_merges g where ${isAsked(asked)} order by ${newestFirst}
      limit ${asked.limit}::bigint offset ${asked.offset}::bigint
    ) g ${titles} order by ${newestFirst}`,
);
const totalStatement = prepared<Asked, { total: number }>(
  'api-movie-merges-total',
  (asked) => sql`select count(*)::int as total from movie_merges g where ${isAsked(asked)}`,
);

const oneStatement = prepared<{ tmdbId: number }, MovieMerge>(
  'api-movie-merge',
  ({ tmdbId }) => sql`select ${columns} from movie_merges g ${titles} where g.tmdb_id = ${tmdbId}::int`,
);

/** What is confirmed stays so: once rows are moved, nobody can tell any more which they were. */
const decideStatement = prepared<{ tmdbId: number; state: string }, { tmdb_id: number }>(
  'api-decide-merge',
  ({ tmdbId, state }) => sql`
    update movie_merges set state = ${state}, decided_at = now()
    where tmdb_id = ${tmdbId}::int and state in ('proposed', 'rejected')
    returning tmdb_id`,
);

export interface Merges {
  page(query: MergesQuery): Promise<{ merges: MovieMerge[]; total: number }>;
  /** @throws {NexusError} `not_found`: nothing is proposed for this movie, or it is confirmed already */
  decide(tmdbId: number, confirm: boolean, actor: Actor): Promise<MovieMerge>;
}

interface MergesDeps {
  pool: Pool;
  queues: Pick<Queues, 'enqueue'>;
  security: Pick<SecurityLog, 'record'>;
}

export function createMerges({ pool, queues, security }: MergesDeps): Merges {
  return {
    async page({ state, page, limit }) {
      const asked = { state: state ?? null };
      const [merges, { total }] = await Promise.all([
        queryInTurn(pool, pageStatement({ ...asked, limit, offset: (page - 1) * limit })),
        selectOne(pool, totalStatement(asked), queryInTurn),
      ]);
      return { merges, total };
    },
    async decide(tmdbId, confirm, actor) {
      const state = confirm ? 'confirmed' : 'rejected';
      const [decided] = await queryStore(pool, decideStatement({ tmdbId, state }));
      if (decided === undefined)
        throw new NexusError('not_found', 'Nothing is proposed for this movie, or it is confirmed already.');
      // If the queue does not answer, `details` does it.
      if (confirm) await queues.enqueue('movies.merge', { tmdbId }).catch(() => {});
      const [merge] = await queryStore(pool, oneStatement({ tmdbId }));
      if (merge === undefined) throw new Error('a decided merge is gone');
      const detail = `${merge.tmdb_id} into ${merge.into_tmdb_id}: ${merge.state}`;
      security.record({ event: 'movie_merge', outcome: 'done', ...actor, detail });
      return merge;
    },
  };
}
