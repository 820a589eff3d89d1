import type { Pool } from 'pg';
import { prepared, sql } from '#shared/db/sql.ts';
import { NexusError } from '#shared/errors.ts';
import type { Queues } from '#shared/queues/queue.ts';
import { isoTime } from '../http/answers/iso-time.ts';
import type { SecurityLog } from '../security-log/security-log.ts';
import { queryStore } from '../store/query-store.ts';
import type { MergesQuery, MovieMerge } from './merge-model.ts';
import type { Actor } from './users/service.ts';

const columns = sql`g.tmdb_id, m.title, g.into_tmdb_id, n.title as into_title, g.state,
  round(g.certainty::numeric, 2)::float8 as certainty, ${isoTime('g.looked_at')} as looked_at,
  ${isoTime('g.decided_at')} as decided_at`;
const joined = sql`movie_merges g left join movies m on m.tmdb_id = g.tmdb_id
  left join movies n on n.tmdb_id = g.into_tmdb_id`;

const pageStatement = prepared<
  { state: string | null; limit: number; offset: number },
  MovieMerge & { total: number }
>(
  'api-movie-merges',
  ({ state, limit, offset }) => sql`
    select ${columns}, (count(*) over ())::int as total from ${joined}
    where (${state}::text is null and g.state <> 'none') or g.state = ${state}
    order by g.looked_at desc, g.tmdb_id limit ${limit}::bigint offset ${offset}::bigint`,
);

const oneStatement = prepared<{ tmdbId: number }, MovieMerge>(
  'api-movie-merge',
  ({ tmdbId }) => sql`select ${columns} from ${joined} where g.tmdb_id = ${tmdbId}::int`,
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
      const asked = { state: state ?? null, limit, offset: (page - 1) * limit };
      const rows = await queryStore(pool, pageStatement(asked));
      return { merges: rows.map(({ total: _, ...merge }) => merge), total: rows[0]?.total ?? 0 };
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
