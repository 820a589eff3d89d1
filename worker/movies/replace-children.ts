import { runStatement } from '#shared/db/run-statement.ts';
import { type Fragment, raw, sql } from '#shared/db/sql.ts';
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
const writtenInPlace = new Set([
  'movie_documents',
  'movie_answers',
  'movie_parts',
  'movie_terms',
  'movie_genres',
  'movie_keywords',
  'credits',
  'movie_relations',
]);

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
  await writeRows(on, movieIds, {
    table: 'movie_genres',
    key: ['genre_id'],
    values: ['position'],
    answered: sql`select * from json_to_recordset(${rowsOf((movie, movie_id) =>
      movie.genres.map(({ id }, position) => ({ movie_id, genre_id: id, position })),
    )}::json) as i(movie_id bigint, genre_id int, position smallint)`,
  });
  await writeRows(on, movieIds, {
    table: 'movie_keywords',
    key: ['keyword_id'],
    values: ['position'],
    answered: sql`select * from json_to_recordset(${rowsOf((movie, movie_id) =>
      movie.keywords.map(({ id }, position) => ({ movie_id, keyword_id: id, position })),
    )}::json) as i(movie_id bigint, keyword_id int, position smallint)`,
  });
  await writeRows(on, movieIds, {
    table: 'credits',
    key: ['credit_id'],
    values: ['person_id', 'kind', 'character', 'department', 'job', '"order"', 'position'],
    answered: sql`select * from json_to_recordset(${rowsOf((movie, movie_id) =>
      movie.credits.map((credit) => ({ movie_id, ...credit })),
    )}::json) as i(movie_id bigint, credit_id text, person_id int, kind text, character text, department text,
      job text, "order" int, position int)`,
  });
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
  await writeRows(on, movieIds, {
    table: 'movie_relations',
    key: ['kind', 'related_movie_id'],
    values: ['rank'],
    answered: sql`
      select distinct on (i.movie_id, i.kind, m.id) i.movie_id, i.kind, m.id as related_movie_id, i.rank
      from json_to_recordset(${rowsOf((movie, movie_id) => [
        ...relationsOf(movie_id, 'recommendation', movie.recommendations),
        ...relationsOf(movie_id, 'similar', movie.similar),
      ])}::json) as i(movie_id bigint, kind text, related int, rank smallint)
      join movies m on m.tmdb_id = i.related order by i.movie_id, i.kind, m.id, i.rank`,
  });
}

const relationsOf = (movie_id: string, kind: string, related: ListedMovie[]) =>
  related.map(({ tmdb_id }, index) => ({ movie_id, kind, related: tmdb_id, rank: index + 1 }));

interface ChildRows {
  table: string;
  /** Of the primary key, besides the movie. */
  key: readonly string[];
  values: readonly string[];
  /** A select of the rows as they are to be, each key once. */
  answered: Fragment;
}

/**
 * Makes the rows of these movies what was answered, and writes only what differs: most answers differ from the last one
 * in a figure of the movie's own, and a row written anew costs a dead one, all its indexes and its part of the log.
 */
async function writeRows(on: Sql, movieIds: string[], { table, key, values, answered }: ChildRows) {
  const list = (columns: readonly string[], row = '') => raw(columns.map((name) => row + name).join(', '));
  const same = (row: string) =>
    raw(['movie_id', ...key].map((name) => `${row}.${name} = a.${name}`).join(' and '));
  const columns = list(['movie_id', ...key, ...values]);
  await runStatement(
    on,
    sql`
    with answered as materialized (${answered}), left_out as (
      delete from ${raw(table)} t where t.movie_id = any(${movieIds}::bigint[])
        and not exists (select 1 from answered a where ${same('t')})
    )
    insert into ${raw(table)} (${columns}) select ${columns} from answered a
    where not exists (select 1 from ${raw(table)} k where ${same('k')}
      and (${list(values, 'k.')}) is not distinct from (${list(values, 'a.')}))
    on conflict (${list(['movie_id', ...key])}) do update
      set ${raw(values.map((name) => `${name} = excluded.${name}`).join(', '))}`,
  );
}
