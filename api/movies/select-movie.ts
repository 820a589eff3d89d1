import type { Pool } from 'pg';
import type { Statement } from '#shared/db/sql.ts';
import { chooseTexts } from '#shared/movies/choose-texts.ts';
import { unpackPart } from '#shared/movies/stored-parts.ts';
import type { InLanguages } from '../http/answers/model.ts';
import { jsonText } from '../http/contract/answer.ts';
import type { Locale } from '../http/input/asked-locale.ts';
import type { GenreNames } from '../localization/genre-names.ts';
import { createImageUrl } from '../localization/image-urls.ts';
import { selectOne } from '../store/select-one.ts';
import { detailsFromParts } from './detail-parts.ts';
import type { DocumentRow } from './detail-statement.ts';
import type { Movie } from './model.ts';
import { movieImages } from './movie-images.ts';
import type { MovieRow } from './movie-row.ts';
import { type DocumentPieces, piecesOf, withPortraits } from './stored-document.ts';

/** How one route's readings come from the database. */
export type SelectMovie<Asked, Data, Language> = (asked: Asked) => Promise<MovieRow<Data, Language>>;

interface DocumentDeps {
  pool: Pool;
  genreNames: (language: string) => Promise<GenreNames>;
}

/** A movie as one of the statements of `detail-statement.ts` finds it, in the words of the locale. */
export async function selectDocument(
  { pool, genreNames }: DocumentDeps,
  statement: Statement<DocumentRow>,
  locale: Locale,
): Promise<MovieRow<Movie, InLanguages['language']>> {
  const [row, genres] = await Promise.all([selectOne(pool, statement), genreNames(locale.language)]);
  return presentDocument(row, { locale, genres });
}

/** What a statement of `detail-statement.ts` found, as it is shown. */
export function presentDocument(
  row: DocumentRow,
  { locale, genres }: Local,
): MovieRow<Movie, InLanguages['language']> {
  const { state, fetched_at_ms, stale_at_ms, moved_to, absent_at_ms, document } = row;
  const reading = { state, fetched_at_ms, stale_at_ms, moved_to, absent_at_ms };
  if (document === null) {
    const language = { asked: locale.language, title: null, overview: null };
    return { ...reading, data: null, language, odd: false };
  }
  const pieces = piecesOf(document);
  const { movie, language } = localize(JSON.parse(pieces.head) as StoredMovie, row, { locale, genres });
  const shown = present(movie, { row, pieces, locale });
  const isExact = language.title === locale.language || language.overview === locale.language;
  const isLocal = locale.datesOf === undefined || row.local_date !== null || shown.hasProviders;
  return {
    ...reading,
    data: shown.data,
    language,
    odd: !isExact || !isLocal || locale.pictures.isOdd,
  };
}

/** The beginning of a document, which is read; the rest is shown as it stands. */
type StoredMovie = Omit<
  Movie,
  | (
      | 'poster_url'
      | 'backdrop_url'
      | 'images'
      | 'cast'
      | 'crew'
      | 'keywords'
      | 'trailers'
      | 'budget'
      | 'revenue'
      | 'translations'
      | 'alternative_titles'
      | 'viewer'
    )
  | keyof ReturnType<typeof detailsFromParts>
>;

interface Local {
  locale: Locale;
  genres: GenreNames;
}

function localize(stored: StoredMovie, row: DocumentRow, { locale, genres }: Local) {
  const texts = chooseTexts(stored, row.texts, locale.language);
  const movie: StoredMovie = {
    ...stored,
    title: texts.title.value ?? stored.title,
    overview: texts.overview.value,
    tagline: texts.tagline.value,
    homepage: texts.homepage.value,
    runtime: texts.runtime.value ?? stored.runtime,
    poster_path: row.poster_path ?? stored.poster_path,
    release_date: (locale.datesOf === undefined ? null : row.local_date) ?? stored.release_date,
    certification: locale.region === 'US' ? stored.certification : row.local_certification,
    genres: stored.genres.map(({ id, name }) => ({ id, name: genres.get(id) ?? name })),
    collection: collectionIn(stored, row, locale.language),
  };
  const { title, overview } = texts;
  return { movie, language: { asked: locale.language, title: title.language, overview: overview.language } };
}

/** By the rule for texts, as far as its names are known. */
function collectionIn({ collection }: StoredMovie, { collection_names: names }: DocumentRow, asked: string) {
  if (collection === null) return null;
  const { name } = names.find(({ language }) => language === asked) ?? names[0] ?? collection;
  return { id: collection.id, name };
}

interface Presented {
  row: DocumentRow;
  pieces: DocumentPieces;
  locale: Locale;
}

/** The whole of it as JSON text, with the keys in the order of the contract. */
function present(movie: StoredMovie, { row, pieces, locale }: Presented) {
  const { region, pictures } = locale;
  const imageUrl = createImageUrl(pictures);
  const { cast, crew, named, money } = pieces;
  const parts = {
    details: parsedPart(row.details),
    release_dates: parsedPart(row.release_dates),
    videos: parsedPart(row.videos),
    providers: parsedPart(row.providers),
  };
  const { providers, videos, release_dates, ...shown } = detailsFromParts(parts, region);
  for (const { logo_path } of [...shown.companies, ...providersOf(providers)])
    if (logo_path !== null) pictures.note?.(logo_path);
  const { tmdb_id, title, original_title, overview, release_date, poster_path, backdrop_path, ...rest } =
    movie;
  const { genres, popularity, vote_average, vote_count, adult, ...details } = rest;
  const head = {
    ...{ tmdb_id, title, original_title, overview, release_date, poster_path, backdrop_path },
    ...{ genres, popularity, vote_average, vote_count, adult },
    poster_url: imageUrl('poster', poster_path),
    backdrop_url: imageUrl('backdrop', backdrop_path),
    ...details,
  };
  const tail = {
    images: movieImages(pictures.url, movie),
    ...shown,
    translations: row.languages,
    alternative_titles: row.alternative_titles,
    ...{ release_dates, providers, videos },
  };
  const people = [withPortraits(cast, pictures), named, withPortraits(crew, pictures)];
  const members = [JSON.stringify(head).slice(1, -1), ...people, money, JSON.stringify(tail).slice(1, -1)];
  return { data: jsonText<Movie>(`{${members.join(',')}}`), hasProviders: providers !== null };
}

const providersOf = (providers: Movie['providers']) =>
  providers === null
    ? []
    : [providers.flatrate, providers.free, providers.ads, providers.rent, providers.buy].flat();

function parsedPart(body: Uint8Array | null): Record<string, unknown> {
  return body === null ? {} : (JSON.parse(unpackPart(body)) as Record<string, unknown>);
}
