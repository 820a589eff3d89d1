import type { Pool } from 'pg';
import type { Statement } from '#shared/db/sql.ts';
import { withCollection } from '#shared/movies/collection-names.ts';
import { providersOf } from '#shared/movies/detail-parts.ts';
import { piecesOf } from '#shared/movies/document-pieces.ts';
import {
  type DocumentHead,
  headInLanguage,
  headInRegion,
  headMembers,
  imageMembers,
  type MovieMembers,
  membersOf,
  providerMembers,
  type TextLanguages,
} from '#shared/movies/present-movie.ts';
import { piecesOfAnswer, placePictures, readAnswer, storedFor } from '#shared/movies/stored-answer.ts';
import { unpackPart } from '#shared/movies/stored-parts.ts';
import type { InLanguages } from '../http/answers/model.ts';
import { type Json, type JsonText, jsonBytes, jsonText } from '../http/contract/answer.ts';
import type { Locale } from '../http/input/asked-locale.ts';
import type { GenreNames } from '../localization/genre-names.ts';
import { selectOne } from '../store/select-one.ts';
import type { AnswerRow, LocalAnswerRow } from './answer-statement.ts';
import type { DocumentRow } from './detail-statement.ts';
import type { Movie } from './model.ts';
import type { MovieRow } from './movie-row.ts';

/** How one route's readings come from the database. */
export type SelectMovie<Asked, Data, Language> = (asked: Asked) => Promise<MovieRow<Data, Language>>;

interface DocumentDeps {
  pool: Pool;
  genreNames: (language: string) => Promise<GenreNames>;
}

interface Local {
  locale: Locale;
  genres: GenreNames;
}

type Reading = MovieRow<Movie, InLanguages['language']>;

/** A movie as one of the statements of `detail-statement.ts` finds it, in the words of the locale. */
export async function selectDocument(
  { pool, genreNames }: DocumentDeps,
  statement: Statement<DocumentRow>,
  locale: Locale,
): Promise<Reading> {
  const [row, genres] = await Promise.all([selectOne(pool, statement), genreNames(locale.language)]);
  return presentDocument(row, { locale, genres });
}

/** What a statement of `detail-statement.ts` found, as it is shown. */
export function presentDocument(row: DocumentRow, { locale, genres }: Local): Reading {
  if (row.document === null) return nothingOf(row, locale);
  const pieces = piecesOf(row.document);
  const stored = JSON.parse(pieces.head) as DocumentHead;
  const { head, languages } = headInLanguage(stored, row, { language: locale.language, genres });
  const parts = {
    details: parsedPart(row.details),
    release_dates: parsedPart(row.release_dates),
    videos: parsedPart(row.videos),
    providers: parsedPart(row.providers),
  };
  const { alternative_titles } = row;
  const members = membersOf(
    headInRegion(withCollection(head, row.collection_names, locale.language), row, locale),
    { pieces, parts, languages: row.languages, alternative_titles },
    locale,
  );
  return shown(row, locale, { data: joined(members), languages, isLocal: isLocal(row, members, locale) });
}

/** Whether an answer as it is stored is all that is asked for. */
export const isStoredFor = ({ language, region, datesOf }: Locale): boolean =>
  language === storedFor.language && region === storedFor.region && datesOf === storedFor.datesOf;

/** A stored answer as it is, for whom `isStoredFor`. */
export function presentAnswer(row: AnswerRow, locale: Locale): Reading {
  if (row.answer === null) return nothingOf(row, locale);
  const { data, languages } = readAnswer(row.answer, locale.pictures);
  if (typeof data === 'string')
    return shown(row, locale, { data: jsonText<Movie>(data), languages, isLocal: true });
  const reading = shown(row, locale, { data: jsonBytes<Movie>(data), languages, isLocal: true });
  // What the answer notes has been read.
  if (row.room !== undefined)
    reading.room = { ...row.room, after: row.room.after + row.answer.length - data.length };
  return reading;
}

/** A stored answer for anybody else: in the words of the locale, for its region. */
export function presentLocalAnswer(row: LocalAnswerRow, { locale, genres }: Local): Reading {
  if (row.answer === null) return nothingOf(row, locale);
  const { parsed, own, ...stored } = piecesOfAnswer(row.answer);
  const inLanguage =
    locale.language === storedFor.language
      ? { head: parsed, languages: stored.languages }
      : headInLanguage({ ...parsed, ...own }, row, { language: locale.language, genres });
  const named = withCollection(inLanguage.head, row.collection_names ?? [], locale.language);
  const head = headInRegion(named, row, locale);
  const { region, pictures } = locale;
  const members = {
    head: headMembers(head, pictures),
    people: placePictures(stored.people, pictures),
    images: imageMembers(head, pictures),
    facts: placePictures(stored.facts, pictures),
    providers:
      region === storedFor.region
        ? placePictures(stored.providers, pictures)
        : providerMembers(providersOf(parsedPart(row.providers).results, region), pictures),
    videos: stored.videos,
  };
  const { languages } = inLanguage;
  return shown(row, locale, { data: joined(members), languages, isLocal: isLocal(row, members, locale) });
}

const joined = ({ head, people, images, facts, providers, videos }: MovieMembers): JsonText<Movie> =>
  jsonText<Movie>(`{${[head, people, images, facts, providers, videos].join(',')}}`);

const isLocal = (
  { local_date }: Pick<DocumentRow, 'local_date'>,
  { providers }: MovieMembers,
  { datesOf }: Locale,
): boolean => datesOf === undefined || local_date !== null || providers !== '"providers":null';

interface Shown {
  data: Json<Movie>;
  languages: TextLanguages;
  /** Whether something of it is of the country that was asked for. */
  isLocal: boolean;
}

function shown(row: Standing, locale: Locale, { data, languages, isLocal }: Shown): Reading {
  const { language: asked, pictures } = locale;
  const { title, overview } = languages;
  const isExact = title === asked || overview === asked;
  return readingOf(row, data, { asked, title, overview }, !isExact || !isLocal || pictures.isOdd);
}

type Standing = Pick<Reading, 'state' | 'fetched_at_ms' | 'stale_at_ms' | 'moved_to' | 'absent_at_ms'>;

const nothingOf = (row: Standing, { language: asked }: Locale): Reading =>
  readingOf(row, null, { asked, title: null, overview: null }, false);

const readingOf = (
  { state, fetched_at_ms, stale_at_ms, moved_to, absent_at_ms }: Standing,
  data: Reading['data'],
  language: Reading['language'],
  odd: boolean,
): Reading => ({ state, fetched_at_ms, stale_at_ms, moved_to, absent_at_ms, data, language, odd });

function parsedPart(body: Uint8Array | null): Record<string, unknown> {
  return body === null ? {} : (JSON.parse(unpackPart(body)) as Record<string, unknown>);
}
