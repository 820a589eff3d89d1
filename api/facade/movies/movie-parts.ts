import type { MoviePartName } from '#shared/movies/movie-parts.ts';
import type { AskedQuery } from '../wire/asked-query.ts';
import { english, languageOf, pageOf } from '../wire/asked-query.ts';

type Json = Record<string, unknown>;

/** How the parts of a movie are asked for: parameters hold for all of them. */
export interface AskedParts {
  /** `xx-YY` */
  language: string;
  /** Whether one was asked for. */
  isLanguageAsked: boolean;
  /** Ours: what a language lacks is filled by the rule of `/api`. */
  fallback: boolean;
  /** `undefined`: of the language, or all where none is asked for. */
  imageLanguages: string[] | undefined;
  /** `undefined`: of the language. */
  videoLanguages: string[] | undefined;
  country: string | undefined;
  page: number;
}

const codesOf = (query: AskedQuery, name: string): string[] | undefined => {
  const codes = query.list(name).map((each) => each.trim().slice(0, 5));
  return codes.length === 0 ? undefined : codes.slice(0, 50);
};

/** @throws {TmdbFailure} 22 */
export const askedParts = (query: AskedQuery): AskedParts => ({ ...askedTexts(query), page: pageOf(query) });

/** Of what has no pages. */
export function askedTexts(query: AskedQuery): Omit<AskedParts, 'page'> {
  const fallback = query.get('fallback');
  const language = languageOf(
    fallback === undefined || query.get('language') !== undefined
      ? query
      : { ...query, get: (name) => query.get(name === 'language' ? 'fallback' : name) },
  );
  return {
    language,
    isLanguageAsked: query.get('language') !== undefined,
    fallback: fallback !== undefined,
    imageLanguages: codesOf(query, 'include_image_language'),
    videoLanguages: codesOf(query, 'include_video_language'),
    country: query.get('country')?.slice(0, 2).toUpperCase(),
  };
}

/** A part as TMDb has it, and what it is made of. */
export interface PartView {
  from: MoviePartName;
  /** The text of the stored part as it is answered; the text itself where nothing has to be changed. */
  view: (text: string, asked: AskedParts) => string;
}

const asStored = (from: MoviePartName): PartView => ({ from, view: (text) => text });

/** What `append_to_response` may name, each also a route below the movie. */
export const partViews: Readonly<Record<string, PartView>> = {
  credits: asStored('credits'),
  keywords: asStored('keywords'),
  release_dates: asStored('release_dates'),
  external_ids: asStored('external_ids'),
  translations: asStored('translations'),
  'watch/providers': asStored('watch/providers'),
  recommendations: { from: 'recommendations', view: pageView(1) },
  similar: { from: 'similar', view: pageView(1) },
  reviews: { from: 'reviews', view: pageView(0) },
  videos: { from: 'videos', view: videosView },
  images: { from: 'images', view: imagesView },
  alternative_titles: { from: 'alternative_titles', view: titlesView },
  // Older names, which old applications still ask for.
  casts: asStored('credits'),
  similar_movies: { from: 'similar', view: pageView(1) },
  releases: { from: 'release_dates', view: releasesView },
  trailers: { from: 'videos', view: trailersView },
};

/** The first page is stored, and so is the last one: what TMDb says of further pages would lead nowhere. */
function pageView(least: 0 | 1) {
  return (text: string, { page }: AskedParts): string => {
    const part = JSON.parse(text) as Json;
    const stored = rowsOf(part.results);
    return JSON.stringify({
      ...part,
      page,
      results: page === 1 ? stored : [],
      total_pages: stored.length === 0 ? least : 1,
      total_results: stored.length,
    });
  };
}

function videosView(text: string, asked: AskedParts): string {
  const part = JSON.parse(text) as Json;
  return JSON.stringify({ ...part, results: videosOf(part, asked) });
}

const videosOf = (part: Json, { videoLanguages, language }: AskedParts): Json[] =>
  inLanguages(rowsOf(part.results), videoLanguages ?? [codeOf(language)]);

/** Those of the languages that are asked for. */
export function imagesView(
  text: string,
  { imageLanguages, isLanguageAsked, language }: Omit<AskedParts, 'page'>,
): string {
  const codes = imageLanguages ?? (isLanguageAsked ? [codeOf(language)] : undefined);
  if (codes === undefined) return text;
  const part = JSON.parse(text) as Json;
  return JSON.stringify(
    Object.fromEntries(
      Object.entries(part).map(([kind, images]) => [
        kind,
        Array.isArray(images) ? inLanguages(rowsOf(images), codes) : images,
      ]),
    ),
  );
}

function titlesView(text: string, { country }: AskedParts): string {
  if (country === undefined) return text;
  const part = JSON.parse(text) as Json;
  return JSON.stringify({
    ...part,
    titles: rowsOf(part.titles).filter(({ iso_3166_1 }) => iso_3166_1 === country),
  });
}

function releasesView(text: string): string {
  const part = JSON.parse(text) as Json;
  const countries = rowsOf(part.results).flatMap(({ iso_3166_1, release_dates }) =>
    rowsOf(release_dates).map(({ certification, descriptors, release_date }) => ({
      certification: certification ?? '',
      descriptors: descriptors ?? [],
      iso_3166_1,
      primary: false,
      release_date: String(release_date ?? '').slice(0, 10),
    })),
  );
  return JSON.stringify({ countries });
}

/** TMDb's words for heights. It has none for others, larger ones among them. */
const sizeNames: ReadonlyMap<unknown, string> = new Map([
  [360, 'Standard'],
  [480, 'HQ'],
  [720, 'HD'],
  [1080, 'HD'],
]);

function trailersView(text: string, asked: AskedParts): string {
  // Not trailers alone: TMDb lists every video here.
  const videos = videosOf(JSON.parse(text) as Json, asked).filter(({ site }) => site === 'YouTube');
  return JSON.stringify({
    quicktime: [],
    youtube: videos.map(({ name, size, key, type }) => ({
      name,
      size: sizeNames.get(size) ?? null,
      source: key,
      type,
    })),
  });
}

/** `null` stands for what has no language. */
function inLanguages(rows: Json[], codes: readonly string[]): Json[] {
  const wanted = new Set(codes.map((code) => code.slice(0, 2).toLowerCase()));
  const hasNone = codes.includes('null');
  return rows.filter(({ iso_639_1: code }) =>
    typeof code === 'string' && code !== '' && code !== 'xx' ? wanted.has(code) : hasNone,
  );
}

const codeOf = (language: string) => language.slice(0, 2);
export const isEnglish = ({ language }: Pick<AskedParts, 'language'>) => language === english;

const rowsOf = (list: unknown): Json[] =>
  Array.isArray(list) ? list.filter((row) => typeof row === 'object' && row !== null) : [];
