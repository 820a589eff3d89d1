import { raw, sql } from '#shared/db/sql.ts';
import { isCodeKept, isKept, type KeptLanguages } from '#shared/languages/kept-languages.ts';
import {
  type CollectionNames,
  collectionNamesColumn,
  withCollection,
} from '#shared/movies/collection-names.ts';
import type { DetailParts } from '#shared/movies/detail-parts.ts';
import { piecesOf } from '#shared/movies/document-pieces.ts';
import { type DocumentHead, headInLanguage, membersOf } from '#shared/movies/present-movie.ts';
import { type OwnTexts, storedFor, storedPictures, writeAnswer } from '#shared/movies/stored-answer.ts';
import { runRepeated } from '#worker/store/run-repeated.ts';
import type { Sql } from '#worker/store/write-transaction.ts';
import type { AnsweredMovie, MirroredMovie } from '../tmdb/wire/mirrored-movie.ts';
import { parsedPart } from '../tmdb/wire/read-parts.ts';
import { movieDocument } from './movie-document.ts';

/** What an answer is made of. */
export interface AnswerSource extends Pick<MirroredMovie, 'translations' | 'alternative_titles' | 'posters'> {
  document: string;
  parts: DetailParts;
  /** In English. */
  collection_names: CollectionNames;
}

/**
 * The answer of a movie as TMDb just answered. One whose parts could not all be read has none: what is stored of it is
 * shown piece by piece.
 */
export function answerOfNew(
  movie: AnsweredMovie,
  { kept, names }: { kept: KeptLanguages; names: NamesOfCollections },
): string | undefined {
  if (movie.parts.lost.length > 0) return undefined;
  const parts: DetailParts = {
    details: parsedPart(movie.parts, 'details'),
    release_dates: parsedPart(movie.parts, 'release_dates'),
    videos: parsedPart(movie.parts, 'videos'),
    providers: parsedPart(movie.parts, 'watch/providers'),
  };
  const collection_names = names.get(movie.collection?.id ?? 0) ?? [];
  return answerOf({ ...movie, document: movieDocument(movie), parts, collection_names }, kept);
}

export type NamesOfCollections = ReadonlyMap<number, CollectionNames>;

const storedIn = { code: raw(`'${storedFor.language.slice(0, 2)}'`), own: raw(`'${storedFor.language}'`) };

/** Of `movies m`, as `AnswerSource` has them. */
export const storedNamesColumn = collectionNamesColumn(storedIn);

/**
 * What these collections are called in English. They stay locked: who gives them another name waits until the movies
 * that show this one are there, and has their answers made again (`collection-name.ts`).
 */
export async function readNamesOf(on: Sql, ids: readonly number[]): Promise<NamesOfCollections> {
  if (ids.length === 0) return new Map();
  await runRepeated(
    on,
    sql`select 1 from collections where id = any(${ids}::int[]) order by id for key share`,
  );
  const rows = await runRepeated(
    on,
    sql<{ collection_id: number; language: string; name: string }>`
    select collection_id, language, name from collection_names
    where collection_id = any(${ids}::int[]) and left(language, 2) = ${storedIn.code}
    order by language <> ${storedIn.own}, language`,
  );
  return Map.groupBy(rows, ({ collection_id }) => collection_id);
}

/** The api makes the same of the rows (`select-movie.ts`); a test holds the two together. */
export function answerOf(source: AnswerSource, kept: KeptLanguages): string | undefined {
  const { document, parts, translations, alternative_titles, posters } = source;
  const pieces = piecesOf(document);
  const stored = JSON.parse(pieces.head) as DocumentHead;
  const keptTexts = translations.filter(({ language }) => isKept(kept, language));
  const { language } = storedFor;
  // Those that the api reads for this language, in its order.
  const read = ['en', stored.original_language];
  const texts = keptTexts
    .filter((row) => read.includes(row.language.slice(0, 2)))
    .sort((a, b) => rankOf(a.language) - rankOf(b.language) || (a.language < b.language ? -1 : 1));
  const english = posters.findLast((poster) => poster.language === 'en');
  const poster_path = english !== undefined && isCodeKept(kept, 'en') ? english.path : null;
  const chosen = headInLanguage(stored, { texts, poster_path }, { language, genres: noNames });
  const { languages } = chosen;
  const head = withCollection(chosen.head, source.collection_names, language);
  const members = membersOf(
    head,
    {
      pieces,
      parts,
      languages: keptTexts.map((row) => row.language).sort(),
      alternative_titles: alternative_titles.map(({ country, title, type }) => {
        return { iso_3166_1: country, title, type };
      }),
    },
    { region: storedFor.region, pictures: storedPictures },
  );
  return writeAnswer(members, { languages, own: textsOf(stored, head) });
}

const noNames: ReadonlyMap<number, string> = new Map();
const rankOf = (language: string) => (language === storedFor.language ? 0 : 1);
const ownTexts = [
  'title',
  'overview',
  'tagline',
  'homepage',
  'runtime',
  'poster_path',
  'collection',
] as const;

/** Those of a movie that its answer does not show. */
const textsOf = (stored: DocumentHead, shown: DocumentHead): OwnTexts =>
  Object.fromEntries(
    ownTexts.flatMap((field) => (stored[field] === shown[field] ? [] : [[field, stored[field]]])),
  );
