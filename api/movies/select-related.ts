import type { Pool } from 'pg';
import type { Audience } from '#api/movies/audience.ts';
import { prepared, sql } from '#shared/db/sql.ts';
import { unpackNeighbours } from '#shared/recommendations/neighbour-list.ts';
import { jsonText } from '../http/contract/answer.ts';
import { wordReason } from '../reasons/word-reason.ts';
import { queryStore } from '../store/query-store.ts';
import { selectOne } from '../store/select-one.ts';
import type { RelatedMovie } from './model.ts';
import type { MovieRow } from './movie-row.ts';
import { type FoundRelation, relatedStatement, relationTypes } from './related-statement.ts';

/** With fewer users, neighbors are not shown: they would reveal what one person likes. */
const fewestUsers = 5;
/** How many of a movie's neighbours may be among its relations. */
const mostNeighbours = 60;

export interface AskedRelated {
  tmdbId: number;
  limit: number;
  audience: Audience;
}

const neighboursStatement = prepared<{ tmdbId: number }, { neighbours: Buffer }>(
  'api-movie-neighbours',
  ({ tmdbId }) => sql`
    select n.neighbours from movies m join movie_neighbours n on n.movie_id = m.id
    where m.tmdb_id = ${tmdbId}::int and n.users >= ${fewestUsers}`,
);

/** The movies related to one, as `relatedStatement` blends them. */
export async function selectRelated(
  pool: Pool,
  { tmdbId, limit, audience }: AskedRelated,
): Promise<MovieRow<RelatedMovie[]>> {
  const [row] = await queryStore(pool, neighboursStatement({ tmdbId }));
  const list = row && unpackNeighbours(row.neighbours);
  const neighbourIds = [...(list?.movieIds.subarray(0, mostNeighbours) ?? [])];
  const neighbourScores = [...(list?.scores.subarray(0, mostNeighbours) ?? [])];
  const statement = relatedStatement({ tmdbId, limit, audience, neighbourIds, neighbourScores });
  const { related, ...reading } = await selectOne(pool, statement);
  return { ...reading, data: related && jsonText(`[${related.map(presented).join(',')}]`) };
}

/** The movie's part is as the database wrote it. */
function presented({ movie, score, reasons }: FoundRelation): string {
  const worded = reasons.map((reason) => wordReason({ ...reason, type: relationTypes[reason.code] }));
  return `{"movie":${movie},"score":${score},"reasons":${JSON.stringify(worded)}}`;
}
