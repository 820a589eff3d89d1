import { raw, type Statement, sql } from '#shared/db/sql.ts';
import type { KeptLanguages } from '#shared/languages/kept-languages.ts';
import { documentVersion } from '#shared/movies/document-fields.ts';
import { contentTables } from '#shared/movies/mirrored-columns.ts';
import { carryBytes, placeTypes } from '#worker/store/carry-bytes.ts';
import { copyStatement } from '#worker/store/copy-rows.ts';
import { recordset } from '#worker/store/recordset.ts';
import { runInTurn } from '#worker/store/run-in-turn.ts';
import type { Sql } from '#worker/store/write-transaction.ts';
import type { ListedMovie, MirroredMovie } from '../tmdb/wire/mirrored-movie.ts';
import { movieDocument } from './movie-document.ts';
import type { SavedListed } from './save-listed-movies.ts';
import { answeredStatement, type Parents } from './write-rows.ts';
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

interface ReplacedChildren {
  ids: MovieIds;
  kept: KeptLanguages;
  /** None of them had an answer before: all they may have is genres, from lists. */
  isNew: boolean;
  hasGenres: boolean;
  /** Our ids of what they are related to. */
  related: SavedListed['ids'];
}

/**
 * What hangs on movies (genres, keywords, credits, relations, the ready document), taken over from their new answers.
 */
export async function replaceChildren(
  on: Sql,
  movies: readonly MirroredMovie[],
  { ids, kept, isNew, hasGenres, related }: ReplacedChildren,
): Promise<void> {
  const movieIds = [...ids.values()];
  const others = contentTables.filter((name) => !writtenInPlace.has(name));
  const parents: Parents = {
    movieIds,
    ...(isNew ? { empty: hasGenres ? emptyOfListed : writtenInPlace } : {}),
  };
  const answered = movies.map((movie) => ({ ...movie, movie_id: ids.get(movie.tmdb_id) ?? '' }));
  await runInTurn(on, [
    ...others.map(
      (table) => () => sql`delete from ${raw(table)} where movie_id = any(${movieIds}::bigint[])`,
    ),
    () => genreStatement(parents, answered),
    () => keywordStatement(parents, answered),
    () => creditStatement(parents, answered),
    () => documentStatement(parents, answered),
    ...translationStatements(parents, answered, kept),
    () => relationStatement(parents, answered, related),
  ]);
}

/** Where there is nothing to compare with. */
const emptyOfListed: ReadonlySet<string> = new Set(writtenInPlace).difference(new Set(['movie_genres']));

type OwnMovie = MirroredMovie & { movie_id: string };

function documentStatement({ empty }: Parents, movies: readonly OwnMovie[]) {
  if (empty?.has('movie_documents')) {
    const rows = movies.map((movie) => {
      return { movie_id: movie.movie_id, document: movieDocument(movie), version: documentVersion };
    });
    return copyStatement('movie_documents', rows, { movie_id: 'bigint', document: 'text', version: 'int' });
  }
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

function relationStatement(
  parents: Parents,
  movies: readonly OwnMovie[],
  ids: ReplacedChildren['related'],
): Statement | undefined {
  const rows = movies.flatMap(({ movie_id, recommendations, similar }) => [
    ...relationsOf({ movie_id, kind: 'recommendation', ids }, recommendations),
    ...relationsOf({ movie_id, kind: 'similar', ids }, similar),
  ]);
  return answeredStatement(parents, {
    table: 'movie_relations',
    rows,
    key: { kind: 'text', related_movie_id: 'bigint' },
    values: { rank: 'smallint' },
  });
}

/** Each movie once, in its first place. */
function relationsOf(
  { ids, ...own }: { movie_id: string; kind: string; ids: ReplacedChildren['related'] },
  listed: readonly ListedMovie[],
) {
  const seen = new Set<number>();
  return listed.flatMap(({ tmdb_id }, index) => {
    const related_movie_id = ids.get(tmdb_id);
    if (related_movie_id === undefined || seen.has(tmdb_id)) return [];
    seen.add(tmdb_id);
    return [{ ...own, related_movie_id, rank: index + 1 }];
  });
}
