/** TMDb's wire shapes, as far as the stand-in speaks them. */
export interface WireRow {
  adult: boolean | null;
  backdrop_path: string | null;
  genre_ids: number[];
  id: number;
  original_language: string;
  original_title: string;
  overview: string | null;
  popularity: number | null;
  poster_path: string | null;
  release_date: string | null;
  softcore: boolean;
  title: string;
  video: boolean;
  vote_average: number;
  vote_count: number;
}

export interface WirePage<Row = WireRow> {
  page: number;
  results: Row[];
  total_pages: number;
  total_results: number;
}

export interface WireNamed {
  id: number;
  name: string;
}

export interface WireCast {
  adult?: boolean;
  gender?: number;
  id: number;
  known_for_department?: string;
  name: string;
  original_name?: string;
  popularity?: number;
  profile_path?: string | null;
  cast_id?: number;
  character?: string | null;
  credit_id: string;
  order?: number;
}

export interface WireCrew extends Omit<WireCast, 'cast_id' | 'character' | 'order'> {
  department?: string;
  job?: string;
}

export interface WireCredits {
  cast: WireCast[];
  crew: WireCrew[];
}

export interface WireReleaseCountry {
  iso_3166_1: string;
  release_dates: {
    certification: string;
    descriptors: string[];
    iso_639_1: string;
    note: string;
    release_date: string;
    type: number;
  }[];
}

export interface WireVideo {
  iso_639_1: string;
  iso_3166_1: string;
  name: string;
  key: string;
  site: string;
  size: number;
  type: string;
  official: boolean;
  published_at: string;
  id: string;
}

export interface WireExternalIds {
  imdb_id: string | null;
  wikidata_id: string | null;
  facebook_id: string | null;
  instagram_id: string | null;
  twitter_id: string | null;
}

export interface WireImage {
  aspect_ratio: number;
  height: number;
  iso_3166_1: string | null;
  iso_639_1: string | null;
  file_path: string;
  vote_average: number;
  vote_count: number;
  width: number;
}

export interface WireImages {
  backdrops: WireImage[];
  logos: WireImage[];
  posters: WireImage[];
}

export interface WireTranslation {
  iso_3166_1: string;
  iso_639_1: string;
  name: string;
  english_name: string;
  data: { homepage: string; overview: string; runtime: number; tagline: string; title: string };
}

export interface WireReview {
  author: string;
  author_details: { name: string; username: string; avatar_path: string | null; rating: number | null };
  content: string;
  created_at: string;
  id: string;
  updated_at: string;
  url: string;
}

export interface WireProvider {
  logo_path: string;
  provider_id: number;
  provider_name: string;
  display_priority: number;
}

/** By country. */
export type WireProviders = Record<
  string,
  { link: string; flatrate?: WireProvider[]; rent?: WireProvider[]; buy?: WireProvider[] }
>;

/** The parts `append_to_response` can add. */
export interface WireParts {
  credits: WireCredits;
  keywords: { keywords: WireNamed[] };
  recommendations: WirePage;
  similar: WirePage;
  release_dates: { results: WireReleaseCountry[] };
  videos: { results: WireVideo[] };
  external_ids: WireExternalIds;
  images: WireImages;
  translations: { translations: WireTranslation[] };
  alternative_titles: { titles: { iso_3166_1: string; title: string; type: string }[] };
  reviews: WirePage<WireReview>;
  'watch/providers': { results: WireProviders };
}

export type Part = keyof WireParts;

export const allParts = [
  'credits',
  'keywords',
  'recommendations',
  'similar',
  'release_dates',
  'videos',
  'external_ids',
  'images',
  'translations',
  'alternative_titles',
  'reviews',
  'watch/providers',
] as const satisfies readonly Part[];

export interface WireCollection {
  id: number;
  name: string;
  poster_path: string | null;
  backdrop_path: string | null;
}

export interface WireMovieBase {
  adult: boolean | null;
  backdrop_path: string | null;
  belongs_to_collection: WireCollection | null;
  budget: number | null;
  genres: WireNamed[];
  homepage: string | null;
  id: number;
  imdb_id: string | null;
  origin_country: string[] | null;
  original_language: string;
  original_title: string;
  overview: string | null;
  popularity: number | null;
  poster_path: string | null;
  production_companies: { id: number; logo_path?: string | null; name: string; origin_country?: string }[];
  production_countries: { iso_3166_1: string; name: string }[];
  release_date: string | null;
  revenue: number | null;
  runtime: number | null;
  spoken_languages: { english_name?: string; iso_639_1: string; name: string }[];
  status: string;
  tagline: string | null;
  title: string;
  video: boolean;
  vote_average: number;
  vote_count: number;
}

export type WireMovie = WireMovieBase & Partial<WireParts>;

export interface ExportEntry {
  adult: boolean | null;
  id: number;
  original_title: string;
  popularity: number;
  video: boolean;
}
