import { z } from 'zod';
import { TmdbId } from '#shared/jobs/catalog.ts';
import { flag, name, namedId, number, part, placedRows, rows, text } from './wire-fields.ts';

/** What a list row and the details have in common. Only fields we store are named: others are not even looked at. */
const listedFields = {
  id: TmdbId,
  title: z.string(),
  original_title: text,
  overview: text,
  release_date: text,
  poster_path: text,
  backdrop_path: text,
  popularity: number,
  vote_average: number,
  vote_count: number,
  adult: flag,
};

const WireListedMovie = z.object({ ...listedFields, genre_ids: part(rows(TmdbId), []) });
export type WireListedMovie = z.output<typeof WireListedMovie>;

const person = {
  id: TmdbId,
  name,
  credit_id: text,
  profile_path: text,
  known_for_department: text,
  popularity: number,
};
const WireCast = z.object({ ...person, character: text, order: number });
const WireCrew = z.object({ ...person, department: text, job: text });

const noCredits: { cast: (z.output<typeof WireCast> | null)[]; crew: (z.output<typeof WireCrew> | null)[] } =
  { cast: [], crew: [] };
const WireCredits = z.object({
  cast: part(placedRows(WireCast), []),
  crew: part(placedRows(WireCrew), []),
});
export type WireCredits = z.output<typeof WireCredits>;

const WireRelease = z.object({ certification: text, type: number });
const WireCountry = z.object({ iso_3166_1: z.string(), release_dates: part(rows(WireRelease), []) });
export type WireCountry = z.output<typeof WireCountry>;

const WireVideo = z.object({
  site: z.string(),
  key: name,
  name: text,
  type: z.string(),
  official: flag,
});
export type WireVideo = z.output<typeof WireVideo>;

const WireTranslation = z.object({
  iso_639_1: z.string(),
  iso_3166_1: z.string(),
  data: z.object({ title: text, overview: text, tagline: text, homepage: text, runtime: number }),
});
export type WireTranslation = z.output<typeof WireTranslation>;

const WireTitle = z.object({ iso_3166_1: text, title: name, type: text });
export type WireTitle = z.output<typeof WireTitle>;

const noTranslations: { translations: WireTranslation[] } = { translations: [] };
export const WireTranslations = part(
  z.object({ translations: part(rows(WireTranslation), []) }),
  noTranslations,
);
const noTitles: { titles: WireTitle[] } = { titles: [] };
export const WireTitles = part(z.object({ titles: part(rows(WireTitle), []) }), noTitles);

/** Parts asked for with `append_to_response`; a stand-in may leave them out. */
const listOf = <T extends z.ZodType>(row: T) => {
  const results: z.output<T>[] = [];
  return part(z.object({ results: part(rows(row), results) }), { results });
};

export const WireMovie = z.object({
  ...listedFields,
  tagline: text,
  runtime: number,
  status: text,
  original_language: text,
  imdb_id: text,
  homepage: text,
  budget: number,
  revenue: number,
  belongs_to_collection: namedId.nullish().catch(null),
  genres: part(rows(namedId), []),
  credits: part(WireCredits, noCredits),
  keywords: part(z.object({ keywords: part(rows(namedId), []) }), { keywords: [] }),
  recommendations: listOf(WireListedMovie),
  similar: listOf(WireListedMovie),
  release_dates: listOf(WireCountry),
  videos: listOf(WireVideo),
  external_ids: part(z.object({ imdb_id: text }), { imdb_id: null }),
  translations: WireTranslations,
  alternative_titles: WireTitles,
});
export type WireMovie = z.output<typeof WireMovie>;

export const WireMoviePage = z.object({
  page: number,
  results: rows(WireListedMovie),
  total_pages: number,
});
export type WireMoviePage = z.output<typeof WireMoviePage>;

const entries = part(z.array(z.unknown()), []);

export const WireFound = z.object({
  movie_results: rows(WireListedMovie),
  tv_results: entries,
  tv_episode_results: entries,
  tv_season_results: entries,
});

export const WireGenres = z.object({ genres: rows(namedId) });

export const WireExportedId = z.object({
  id: TmdbId,
  original_title: text,
  popularity: number,
  adult: flag,
});
export type WireExportedId = z.output<typeof WireExportedId>;
