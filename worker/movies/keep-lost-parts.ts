import { runStatement } from '#shared/db/run-statement.ts';
import { sql } from '#shared/db/sql.ts';
import type { MoviePartName } from '#shared/movies/movie-parts.ts';
import { unpackPart } from '#shared/movies/stored-parts.ts';
import type { Sql } from '#worker/store/write-transaction.ts';
import type { AnsweredMovie } from '../tmdb/wire/mirrored-movie.ts';
import { parseMovie } from '../tmdb/wire/parse-answer.ts';

/**
 * Where parts of answers could not be read: what was stored of them before stays, and says from when it is. The movies
 * are given back, with their hashes, as if TMDb had sent those parts again.
 */
export async function keepLostParts<Movie extends AnsweredMovie>(
  on: Sql,
  movies: readonly Movie[],
  withHash: (movie: AnsweredMovie) => Movie,
): Promise<Movie[]> {
  const lost = movies.flatMap(({ tmdb_id, parts }) => parts.lost.map((part) => ({ tmdb_id, part })));
  if (lost.length === 0) return [...movies];
  const kept = await ageParts(on, lost);
  return movies.map((movie) => {
    const texts = kept.get(movie.tmdb_id);
    return texts === undefined ? movie : withHash({ ...mappedWith(movie, texts), parts: movie.parts });
  });
}

/** @returns the texts of the parts that are stored, by movie */
async function ageParts(on: Sql, lost: readonly { tmdb_id: number; part: MoviePartName }[]) {
  const rows = await runStatement(
    on,
    sql<{ tmdb_id: number; part: MoviePartName; body: Uint8Array }>`
    update movie_parts p set fetched_at = coalesce(p.fetched_at, m.fetched_at)
    from json_to_recordset(${JSON.stringify(lost)}::json) as i(tmdb_id int, part text)
    join movies m on m.tmdb_id = i.tmdb_id
    where p.movie_id = m.id and p.part = i.part
    returning m.tmdb_id, p.part, p.body`,
  );
  const kept = new Map<number, Map<MoviePartName, string>>();
  for (const { tmdb_id, part, body } of rows) {
    const texts = kept.get(tmdb_id) ?? new Map<MoviePartName, string>();
    kept.set(tmdb_id, texts.set(part, unpackPart(body)));
  }
  return kept;
}

function mappedWith({ tmdb_id, parts }: AnsweredMovie, kept: ReadonlyMap<MoviePartName, string>) {
  const answer: Record<string, unknown> = JSON.parse(parts.texts.get('details') ?? '{}');
  for (const [part, text] of [...parts.texts, ...kept])
    if (part !== 'details') answer[part] = JSON.parse(text);
  return parseMovie(answer, tmdb_id);
}
