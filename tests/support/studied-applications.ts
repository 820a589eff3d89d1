/**
 * What 95 public applications ask TMDb for of movies, people and collections, in the steps in which the study of them
 * counted: with all calls of a step and of those before it, so many of them work whole on movies.
 */
export interface Step {
  whole: number;
  calls: readonly Call[];
}

interface Call {
  /** Below `/3/`; what stands in braces is put in. */
  path: string;
  /** What applications read of the answer. A dot leads into an object, or into the first of a list. */
  reads: readonly string[];
}

export const studied = 95;

const row =
  'id title overview poster_path backdrop_path release_date vote_average vote_count genre_ids popularity adult'
    .split(' ')
    .map((key) => `results.${key}`);
const page = ['page', 'total_pages', 'total_results'];
const list = [...page, ...row];
const paged = (path: string, reads: readonly string[] = list): Call => ({ path, reads });

/** The parameters of `discover/movie` that they use, alone and as they go together. */
const discoveries = [
  'sort_by=vote_average.desc&vote_count.gte=1',
  'with_genres={genre}&without_genres=10402',
  'with_genres={genre}|35&vote_average.gte=1&vote_average.lte=10',
  'with_original_language=en&include_adult=false&include_video=false',
  'primary_release_date.gte=1970-01-01&primary_release_date.lte=2030-01-01',
  'primary_release_year={year}',
  'with_keywords={keyword}',
  'with_cast={person}',
  'with_people={person}',
  'with_crew={director}',
  'with_runtime.gte=30&with_runtime.lte=300',
  'with_companies={company}',
  'watch_region=US&with_watch_providers={provider}',
  'certification_country=US&certification.lte=R',
  'with_release_type=2|3&release_date.gte=1970-01-01&release_date.lte=2030-01-01',
  'region=US&with_release_type=2|3&release_date.gte=1970-01-01&release_date.lte=2030-01-01',
  'region=US&release_date.gte=1970-01-01',
  'with_origin_country=US',
  'language=de-DE&page=1',
];

const details =
  'id imdb_id title original_title overview tagline runtime status release_date genres production_companies production_countries spoken_languages budget revenue homepage poster_path backdrop_path vote_average vote_count popularity adult video original_language belongs_to_collection'.split(
    ' ',
  );
const person =
  'id name biography birthday deathday place_of_birth profile_path known_for_department gender popularity imdb_id homepage also_known_as adult'.split(
    ' ',
  );
const cast = 'id name character order profile_path credit_id'.split(' ').map((key) => `cast.${key}`);
const crew = 'id name job department profile_path credit_id'.split(' ').map((key) => `crew.${key}`);
const allParts =
  'credits,keywords,recommendations,similar,release_dates,videos,external_ids,images,translations,alternative_titles,reviews,watch/providers';

export const steps: readonly Step[] = [
  {
    whole: 0.12,
    calls: [
      { path: 'movie/{movie}', reads: details },
      { path: 'movie/{imdb}', reads: details },
      { path: 'movie/{movie}?language=de-DE', reads: details },
      { path: 'movie/{movie}/credits', reads: ['id', ...cast, ...crew] },
      { path: 'movie/{movie}/keywords', reads: ['id', 'keywords.id', 'keywords.name'] },
      paged('movie/{movie}/recommendations'),
      paged('movie/{movie}/similar'),
      paged('search/movie?query={title}&include_adult=false&language=en-US&page=1'),
      paged('search/movie?query={title}&year={year}&region=US'),
      ...discoveries.map((query) => paged(`discover/movie?${query}`)),
      paged('trending/movie/day'),
      paged('trending/movie/week?language=de-DE', [...list, 'results.media_type']),
      { path: 'genre/movie/list?language=en', reads: ['genres.id', 'genres.name'] },
      {
        path: 'find/{imdb}?external_source=imdb_id',
        reads: ['movie_results.id', 'movie_results.title', 'person_results', 'tv_results'],
      },
    ],
  },
  {
    whole: 0.25,
    calls: [
      paged('movie/popular?language=en-US&page=1'),
      paged('movie/top_rated?region=US'),
      paged('movie/now_playing', [...list, 'dates.minimum', 'dates.maximum']),
      paged('movie/upcoming', [...list, 'dates.minimum', 'dates.maximum']),
    ],
  },
  {
    whole: 0.54,
    calls: [
      { path: 'person/{person}', reads: person },
      {
        path: 'person/{person}?append_to_response=movie_credits,images,external_ids',
        reads: ['movie_credits.cast.id', 'images.profiles.file_path', 'external_ids.imdb_id'],
      },
      { path: 'person/{person}/movie_credits', reads: ['cast.id', 'cast.title', 'cast.character', 'crew'] },
      { path: 'person/{person}/combined_credits', reads: ['cast.media_type', 'crew'] },
      { path: 'person/{person}/images', reads: ['profiles.file_path'] },
      { path: 'person/{person}/external_ids', reads: ['imdb_id', 'instagram_id'] },
      {
        path: 'movie/{movie}/videos',
        reads: ['results.key', 'results.site', 'results.type', 'results.name'],
      },
      {
        path: 'movie/{movie}/images?include_image_language=en,null',
        reads: ['backdrops', 'posters.file_path', 'logos'],
      },
      { path: 'movie/{movie}/reviews', reads: [...page, 'results'] },
      paged('search/person?query={name}', [...page, 'results.id', 'results.name', 'results.known_for.title']),
      paged('search/multi?query={name}', [...page, 'results.id', 'results.media_type']),
      paged('person/popular', [...page, 'results.name', 'results.known_for', 'results.gender']),
    ],
  },
  {
    whole: 0.66,
    calls: [
      { path: 'movie/{movie}/external_ids', reads: ['imdb_id', 'wikidata_id', 'facebook_id'] },
      {
        path: 'movie/{movie}/release_dates',
        reads: ['results.iso_3166_1', 'results.release_dates.certification'],
      },
      { path: 'movie/{movie}/watch/providers', reads: ['results.US.link', 'results.US.flatrate'] },
      { path: 'movie/{movie}/translations', reads: ['translations.iso_639_1', 'translations.data.title'] },
      { path: 'movie/{movie}/alternative_titles', reads: ['titles'] },
      { path: `movie/{movie}?append_to_response=${allParts}`, reads: [...details, ...allParts.split(',')] },
      {
        path: `movie/{movie}?language=de-DE&append_to_response=${encodeURIComponent(allParts)}`,
        reads: allParts.split(','),
      },
    ],
  },
  {
    whole: 0.72,
    calls: [
      {
        path: 'collection/{collection}',
        reads: ['id', 'name', 'overview', 'poster_path', 'backdrop_path', 'parts.id', 'parts.title'],
      },
    ],
  },
  {
    whole: 0.81,
    calls: [
      {
        path: 'configuration',
        reads: ['images.base_url', 'images.secure_base_url', 'images.poster_sizes', 'change_keys'],
      },
      { path: 'configuration/countries', reads: ['iso_3166_1', 'english_name'] },
      { path: 'configuration/languages', reads: ['iso_639_1', 'english_name'] },
      { path: 'certification/movie/list', reads: ['certifications.US.certification'] },
      { path: 'watch/providers/movie?watch_region=US', reads: ['results.provider_id', 'results.logo_path'] },
      { path: 'watch/providers/regions', reads: ['results.iso_3166_1'] },
      paged('trending/all/week', [...list, 'results.media_type']),
      paged('trending/person/week', [...page, 'results.name']),
    ],
  },
  {
    whole: 1,
    calls: [
      { path: 'movie/latest', reads: ['id', 'title', 'release_date'] },
      { path: 'keyword/{keyword}', reads: ['id', 'name'] },
      paged('keyword/{keyword}/movies'),
      paged('search/keyword?query={keywordName}', [...page, 'results.name']),
      { path: 'company/{company}', reads: ['id', 'name', 'logo_path', 'origin_country'] },
      paged('search/company?query=pictures', [...page, 'results.name', 'results.logo_path']),
      paged('search/collection?query=collection', [...page, 'results.name', 'results.poster_path']),
      paged('movie/changes', [...page, 'results']),
      { path: 'authentication', reads: ['success'] },
    ],
  },
];

/** What 73 % of them call, too, and which is not of movies: it must fail as at TMDb, so that the rest goes on. */
export const softly = [
  'tv/1399',
  'tv/popular',
  'search/tv?query=a',
  'discover/tv',
  'trending/tv/week',
  'genre/tv/list',
  'account',
  'account/1/watchlist/movies',
  'movie/{movie}/account_states?session_id=x',
  'list/1',
];
