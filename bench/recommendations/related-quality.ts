import type { Pool } from 'pg';
import { unknownAudience } from '#api/movies/audience.ts';
import { selectRelated } from '#api/movies/select-related.ts';
import type { BenchRow } from '../bench.ts';
import { deafLocalization, english } from '../english.ts';
import type { TestUser } from './histories.ts';

const length = 20;
const mostMovies = 300;

/**
 * Judges of related movies: the lists that TMDb itself has of a movie (hidden from ours meanwhile), those that it was
 * recorded with, and the movie that somebody liked next.
 */
export async function measureRelated(
  pool: Pool,
  users: readonly TestUser[],
  isReal: boolean,
): Promise<BenchRow[]> {
  const localization = deafLocalization({ pool });
  const read = async (tmdbId: number): Promise<number[]> => {
    const asked = { tmdbId, limit: length, audience: unknownAudience, locale: english };
    const { data } = await selectRelated({ pool, localization }, asked);
    if (data === null) return [];
    const found: { movie: { tmdb_id: number } }[] = JSON.parse(data.toString());
    return found.map(({ movie }) => movie.tmdb_id);
  };
  const coLiked: number[] = [];
  for (const { seen, heldOut } of users.slice(0, mostMovies)) {
    const last = seen.findLast(({ liked }) => liked);
    if (last !== undefined) coLiked.push((await read(last.tmdbId)).includes(heldOut) ? 1 : 0);
  }
  const judged = (whose: string, overlaps: number[]) =>
    overlaps.length === 0
      ? []
      : [row(`related: overlap@${length} with ${whose} lists`, overlaps, 'hidden from ours')];
  return [
    row(`related: liked next, hit@${length}`, coLiked, 'after the last liked movie of each user'),
    ...judged("TMDb's", await overlapWithTmdb(pool, read)),
    ...judged("TMDb's recorded", isReal ? await overlapWithRecorded(pool, read) : []),
  ];
}

/** The lists are hidden in the database of the bench, which is thrown away. */
async function overlapWithTmdb(pool: Pool, read: (tmdbId: number) => Promise<number[]>): Promise<number[]> {
  const { rows } = await pool.query<TheirList>(
    `select m.tmdb_id, array_agg(o.tmdb_id) as theirs from movie_relations r join movies m on m.id = r.movie_id
     join movies o on o.id = r.related_movie_id and o.state = 'detailed'
     where r.kind = 'recommendation' and r.rank <= $1 group by m.tmdb_id having count(*) >= 5 limit $2`,
    [length, mostMovies],
  );
  await pool.query('delete from movie_relations');
  return overlapsOf(rows, read);
}

interface TheirList {
  tmdb_id: number;
  theirs: number[];
}

async function overlapsOf(
  lists: readonly TheirList[],
  read: (tmdbId: number) => Promise<number[]>,
): Promise<number[]> {
  const overlaps: number[] = [];
  for (const { tmdb_id, theirs } of lists) {
    const ours = new Set(await read(tmdb_id));
    overlaps.push(theirs.filter((id) => ours.has(id)).length / theirs.length);
  }
  return overlaps;
}

/** Of the lists that TMDb once answered with, what of their first twenty is mirrored. The same list in German is none of its own. */
async function overlapWithRecorded(
  pool: Pool,
  read: (tmdbId: number) => Promise<number[]>,
): Promise<number[]> {
  // Only here: it says at once where there is nothing recorded.
  const { readExchanges, rowsOf } = await import('#tests/support/recorded/read-exchanges.ts');
  const recorded = new Map<string, number[]>();
  const keep = (of: string, kind: string, results: unknown) => {
    const ids = rowsOf(results).map(({ id }) => Number(id));
    if (ids.length > 0 && !recorded.has(`${of}/${kind}`)) recorded.set(`${of}/${kind}`, ids.slice(0, length));
  };
  for (const { path, json } of readExchanges()) {
    const [, of = '', kind] =
      /^\/3\/movie\/(\d+)(?:\/(recommendations|similar)(?:_movies)?)?$/.exec(path) ?? [];
    if (kind !== undefined) keep(of, kind, json);
    else for (const part of ['recommendations', 'similar']) keep(of, part, json[part]);
  }
  const lists: TheirList[] = [];
  for (const [key, ids] of recorded) {
    const { rows } = await pool.query<{ tmdb_id: number }>(
      "select tmdb_id from movies where tmdb_id = any($1::int[]) and state = 'detailed'",
      [ids],
    );
    const theirs = rows.map(({ tmdb_id }) => tmdb_id);
    if (theirs.length > 0) lists.push({ tmdb_id: Number.parseInt(key, 10), theirs });
  }
  return overlapsOf(lists, read);
}

function row(what: string, values: number[], note: string): BenchRow {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  const error = Math.sqrt(variance / values.length);
  return { what, measured: mean, unit: '', note: `± ${error.toFixed(3)}, ${values.length} lists, ${note}` };
}
