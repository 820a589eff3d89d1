import { raw, sql } from '#shared/db/sql.ts';
import type { KeptLanguages } from '#shared/languages/kept-languages.ts';
import { documentVersion } from '#shared/movies/document-fields.ts';
import { contentTables } from '#shared/movies/mirrored-columns.ts';
import { carryBytes, placeTypes } from '#worker/store/carry-bytes.ts';
import { recordset } from '#worker/store/recordset.ts';
import { runInTurn } from '#worker/store/run-in-turn.ts';
import type { Sql } from '#worker/store/write-transaction.ts';
import type { ListedMovie, MirroredMovie } from '../tmdb/wire/mirrored-movie.ts';
import { movieDocument } from './movie-document.ts';
import { answeredStatement, type Parents, rowsStatement } from './write-rows.ts';
import { translationStatements } from './write-translations.ts';

/** Our ids by TMDb's. */
export type MovieIds = ReadonlyMap<number, string>;

/** Their rows are replaced one by one. */
const writtenInPlace = new Set([
  'movie_documents',
  'movie_parts',
  'movie_terms',
  'movie_genres',
  'movie_keywords',
  'credits',
  'movie_relations',
  'movie_translations',
  'movie_alternative_titles',
  'movie_releases',
  'movie_posters',
]);

/**
 * What hangs on movies (genres, keywords, credits, relations, the ready document), taken over from their new answers.
 * @param options.isNew none of them had an answer before: all they may have is genres, from lists
 */
export async function replaceChildren(
  on: Sql,
  movies: readonly MirroredMovie[],
  { ids, kept, isNew }: { ids: MovieIds; kept: KeptLanguages; isNew: boolean },
): Promise<void> {
  const movieIds = [...ids.values()];
  const others = contentTables.filter((name) => !writtenInPlace.has(name));
  const parents: Parents = { movieIds, ...(isNew ? { empty: emptyOfNew } : {}) };
  const answered = movies.map((movie) => ({ ...movie, movie_id: ids.get(movie.tmdb_id) ?? '' }));
  await runInTurn(on, [
    ...others.map(
      (table) => () => sql`delete from ${raw(table)} where movie_id = any(${movieIds}::bigint[])`,
    ),
    () => genreStatement(parents, answered),
    () => keywordStatement(parents, answered),
    () => creditStatement(parents, answered),
    () => documentStatement(answered),
    ...translationStatements(parents, answered, kept),
    () => relationStatement(parents, answered),
  ]);
}

/** Where there is nothing to compare with. */
const emptyOfNew: ReadonlySet<string> = new Set(writtenInPlace).difference(new Set(['movie_genres']));

type OwnMovie = MirroredMovie & { movie_id: string };

function documentStatement(movies: readonly OwnMovie[]) {
  const { places, text } = carryBytes(movies.map(movieDocument));
  const rows = movies.map(({ movie_id }, index) => ({ movie_id, ...places[index] }));
  return sql`
    insert into movie_documents (movie_id, document, version)
    select i.movie_id, ${text}, ${documentVersion}::int
    from ${recordset(rows, { movie_id: 'bigint', ...placeTypes })}
    on conflict (movie_id) do update set document = excluded.document, version = excluded.version`;
}

function genreStatement(parents: Parents, movies: readonly OwnMovie[]) {
  const rows = movies.flatMap(({ movie_id, genres }) =>
    genres.map(({ id: genre_id }, position) => ({ movie_id, genre_id, position })),
  );
  return answeredStatement(parents, {
    table: 'movie_genres',
    rows,
    key: { genre_id: 'int' },
    values: { position: 'smallint' },
  });
}

function keywordStatement(parents: Parents, movies: readonly OwnMovie[]) {
  const rows = movies.flatMap(({ movie_id, keywords }) =>
    keywords.map(({ id: keyword_id }, position) => ({ movie_id, keyword_id, position })),
  );
  return answeredStatement(parents, {
    table: 'movie_keywords',
    rows,
    key: { keyword_id: 'int' },
    values: { position: 'smallint' },
  });
}

function creditStatement(parents: Parents, movies: readonly OwnMovie[]) {
  const rows = movies.flatMap(({ movie_id, credits }) => credits.map((credit) => ({ movie_id, ...credit })));
  return answeredStatement(parents, {
    table: 'credits',
    rows,
    key: { credit_id: 'text' },
    values: {
      person_id: 'int',
      kind: 'text',
      character: 'text',
      department: 'text',
      job: 'text',
      order: 'int',
      position: 'int',
    },
  });
}

function relationStatement(parents: Parents, movies: readonly OwnMovie[]) {
  const rows = movies.flatMap(({ movie_id, recommendations, similar }) => [
    ...relationsOf(movie_id, 'recommendation', recommendations),
    ...relationsOf(movie_id, 'similar', similar),
  ]);
  return rowsStatement(parents, {
    table: 'movie_relations',
    key: ['kind', 'related_movie_id'],
    values: ['rank'],
    answered: sql`
      select i.movie_id, i.kind, m.id as related_movie_id, i.rank
      from ${recordset(rows, { movie_id: 'bigint', kind: 'text', related: 'int', rank: 'smallint' })}
      join movies m on m.tmdb_id = i.related`,
  });
}

/** Each movie once, in its first place. */
function relationsOf(movie_id: string, kind: string, listed: readonly ListedMovie[]) {
  const seen = new Set<number>();
  return listed.flatMap(({ tmdb_id: related }, index) =>
    seen.has(related) || !seen.add(related) ? [] : [{ movie_id, kind, related, rank: index + 1 }],
  );
}
