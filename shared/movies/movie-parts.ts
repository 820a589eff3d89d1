/** What `GET /movie/{id}` of TMDb can be asked for along with the details, in one call. */
export const appendedParts = [
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
] as const;

export type AppendedPart = (typeof appendedParts)[number];

/** All that is kept of a movie: `details` is the answer itself, without what was appended. */
export const moviePartNames = ['details', ...appendedParts] as const;
export type MoviePartName = (typeof moviePartNames)[number];

/** What TMDb sends where it has nothing to say. Such a part is not stored, and is read as this. */
export const emptyParts: Readonly<Record<AppendedPart, string>> = {
  credits: '{"cast":[],"crew":[]}',
  keywords: '{"keywords":[]}',
  recommendations: '{"page":1,"results":[],"total_pages":1,"total_results":0}',
  similar: '{"page":1,"results":[],"total_pages":1,"total_results":0}',
  release_dates: '{"results":[]}',
  videos: '{"results":[]}',
  external_ids:
    '{"imdb_id":null,"wikidata_id":null,"facebook_id":null,"instagram_id":null,"twitter_id":null}',
  images: '{"backdrops":[],"logos":[],"posters":[]}',
  translations: '{"translations":[]}',
  alternative_titles: '{"titles":[]}',
  reviews: '{"page":1,"results":[],"total_pages":0,"total_results":0}',
  'watch/providers': '{"results":{}}',
};
