import type { Pool } from 'pg';
import type { Audience } from '#api/movies/audience.ts';
import { unpackNeighbours } from '#shared/recommendations/neighbour-list.ts';
import { queryStore, type Statement } from '../store/query-store.ts';
import { selectOne } from '../store/select-one.ts';
import type { RelatedMovie } from './model.ts';
import type { MovieReading } from './movie-row.ts';
import { relatedStatement } from './related-statement.ts';

/** Of fewer users nothing is told to everybody: it would be what one person likes. */
const fewestUsers = 5;
/** How many of a movie's neighbours may be among its relations. */
const mostNeighbours = 60;

export interface AskedRelated {
  tmdbId: number;
  limit: number;
  audience: Audience;
}

/** $1: TMDb id, $2: how many users it needs. */
const neighboursStatement: Statement = {
  name: 'api-movie-neighbours',
  text: `
    select n.neighbours from movies m join movie_neighbours n on n.movie_id = m.id
    where m.tmdb_id = $1::int and n.users >= $2::int`,
};

/** The movies related to one, as `relatedStatement` blends them. */
export async function selectRelated(
  pool: Pool,
  { tmdbId, limit, audience }: AskedRelated,
): Promise<MovieReading<RelatedMovie[]>> {
  const [row] = await queryStore<{ neighbours: Buffer }>(pool, neighboursStatement, [tmdbId, fewestUsers]);
  const list = row && unpackNeighbours(row.neighbours);
  const ids = [...(list?.movieIds.subarray(0, mostNeighbours) ?? [])];
  const scores = [...(list?.scores.subarray(0, mostNeighbours) ?? [])];
  return selectOne(pool, relatedStatement, [tmdbId, limit, ids, scores, audience]);
}
