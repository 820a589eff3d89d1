import { runStatement } from '#shared/db/run-statement.ts';
import { raw, sql } from '#shared/db/sql.ts';
import type { KeptLanguages } from '#shared/languages/kept-languages.ts';
import { documentVersion } from '#shared/movies/document-fields.ts';
import { contentTables } from '#shared/movies/mirrored-columns.ts';
import type { Sql } from '#worker/store/write-transaction.ts';
import type { ListedMovie, MirroredMovie } from '../tmdb/wire/mirrored-movie.ts';
import { movieDocument } from './movie-document.ts';
import { insertTranslations } from './replace-translations.ts';

/** Our ids by TMDb's. */
export type MovieIds = ReadonlyMap<number, string>;

/** Their rows are replaced one by one. */
const writtenInPlace = new Set(['movie_documents', 'movie_parts', 'movie_terms']);

/** What hangs on movies (genres, keywords, credits, relations, the ready document), taken over from their new answers. */
export async function replaceChildren(
  on: Sql,
  movies: readonly MirroredMovie[],
  { ids, kept }: { ids: MovieIds; kept: KeptLanguages },
): Promise<void> {
  const movieIds = [...ids.values()];
  for (const table of contentTables.filter((name) => !writtenInPlace.has(name)))
    await runStatement(on, sql`delete from ${raw(table)} where movie_id = any(${movieIds}::bigint[])`);
  const rowsOf = <T>(pick: (movie: MirroredMovie, movie_id: string) => T[]): string =>
    JSON.stringify(movies.flatMap((movie) => pick(movie, ids.get(movie.tmdb_id) ?? '')));
  await runStatement(
    on,
    sql`
    insert into movie_genres (movie_id, genre_id, position)
    select movie_id, genre_id, position from json_to_recordset(${rowsOf((movie, movie_id) =>
      movie.genres.map(({ id }, position) => ({ movie_id, genre_id: id, position })),
    )}::json) as i(movie_id bigint, genre_id int, position smallint)`,
  );
  await runStatement(
    on,
    sql`
    insert into movie_keywords (movie_id, keyword_id, position)
    select movie_id, keyword_id, position from json_to_recordset(${rowsOf((movie, movie_id) =>
      movie.keywords.map(({ id }, position) => ({ movie_id, keyword_id: id, position })),
    )}::json) as i(movie_id bigint, keyword_id int, position smallint)`,
  );
  await runStatement(
    on,
    sql`
    insert into credits (movie_id, credit_id, person_id, kind, character, department, job, "order", position)
    select movie_id, credit_id, person_id, kind, character, department, job, "order", position
    from json_to_recordset(${rowsOf((movie, movie_id) =>
      movie.credits.map((credit) => ({ movie_id, ...credit })),
    )}::json) as i(movie_id bigint, credit_id text, person_id int, kind text, character text, department text,
      job text, "order" int, position int)`,
  );
  await runStatement(
    on,
    sql`
    insert into movie_documents (movie_id, document, version)
    select movie_id, document, ${documentVersion}::int from json_to_recordset(${rowsOf((movie, movie_id) => [
      { movie_id, document: movieDocument(movie) },
    ])}::json) as i(movie_id bigint, document text)
    on conflict (movie_id) do update set document = excluded.document, version = excluded.version`,
  );
  const translated = movies.map((movie) => ({ ...movie, movie_id: ids.get(movie.tmdb_id) ?? '' }));
  await insertTranslations(on, translated, kept);
  await insertRelations(
    on,
    rowsOf((movie, movie_id) => [
      ...relationsOf(movie_id, 'recommendation', movie.recommendations),
      ...relationsOf(movie_id, 'similar', movie.similar),
    ]),
  );
}

const relationsOf = (movie_id: string, kind: string, related: ListedMovie[]) =>
  related.map(({ tmdb_id }, index) => ({ movie_id, kind, related: tmdb_id, rank: index + 1 }));

async function insertRelations(on: Sql, json: string) {
  await runStatement(
    on,
    sql`
    insert into movie_relations (movie_id, kind, related_movie_id, rank)
    select i.movie_id, i.kind, m.id, i.rank
    from json_to_recordset(${json}::json) as i(movie_id bigint, kind text, related int, rank smallint)
    join movies m on m.tmdb_id = i.related
    on conflict do nothing`,
  );
}
