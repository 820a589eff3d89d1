import { type Fragment, raw, sql } from '#shared/db/sql.ts';
import { isCodeKept, isKept, type KeptLanguages } from '#shared/languages/kept-languages.ts';
import type { DetailParts } from '#shared/movies/detail-parts.ts';
import { piecesOf } from '#shared/movies/document-pieces.ts';
import { type DocumentHead, headInLanguage, membersOf } from '#shared/movies/present-movie.ts';
import { type OwnTexts, storedFor, storedPictures, writeAnswer } from '#shared/movies/stored-answer.ts';
import type { AnsweredMovie, MirroredMovie } from '../tmdb/wire/mirrored-movie.ts';
import { movieDocument } from './movie-document.ts';

/** What an answer is made of. */
export interface AnswerSource extends Pick<MirroredMovie, 'translations' | 'alternative_titles' | 'posters'> {
  document: string;
  parts: DetailParts;
}

/**
 * The answer of a movie as TMDb just answered. One whose parts could not all be read has none: what is stored of it is
 * shown piece by piece.
 */
export function answerOfNew(movie: AnsweredMovie, kept: KeptLanguages): string | undefined {
  if (movie.parts.lost.length > 0) return undefined;
  const part = (name: Parameters<typeof movie.parts.texts.get>[0]) =>
    JSON.parse(movie.parts.texts.get(name) ?? '{}') as Record<string, unknown>;
  const parts: DetailParts = {
    details: part('details'),
    release_dates: part('release_dates'),
    videos: part('videos'),
    providers: part('watch/providers'),
  };
  return answerOf({ ...movie, document: movieDocument(movie), parts }, kept);
}

/** Answers on their way into rows of `movies`, as columns of a recordset `i`. */
export interface CarriedAnswers {
  /** Of each, by its place; null where none is stored. */
  places: readonly { answer_start: number | null; answer_size: number | null }[];
  /** The text, or null. */
  answer: Fragment;
}

export const placeTypes = raw('answer_start int, answer_size int');

/** All answers travel as one binary value: within JSON each of their quotation marks would be escaped, and read again. */
export function carryAnswers(answers: readonly (string | undefined)[]): CarriedAnswers {
  const bodies: Buffer[] = [];
  let start = 1;
  const places = answers.map((answer) => {
    if (answer === undefined) return { answer_start: null, answer_size: null };
    const body = Buffer.from(answer);
    bodies.push(body);
    start += body.length;
    return { answer_start: start - body.length, answer_size: body.length };
  });
  const bytes = Buffer.concat(bodies);
  return {
    places,
    answer: sql`convert_from(substring(${bytes}::bytea from i.answer_start for i.answer_size), 'UTF8')`,
  };
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
  const { head, languages } = headInLanguage(stored, { texts, poster_path }, { language, genres: noNames });
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
const ownTexts = ['title', 'overview', 'tagline', 'homepage', 'runtime', 'poster_path'] as const;

/** Those of a movie that its answer does not show. */
const textsOf = (stored: DocumentHead, shown: DocumentHead): OwnTexts =>
  Object.fromEntries(
    ownTexts.flatMap((field) => (stored[field] === shown[field] ? [] : [[field, stored[field]]])),
  );
