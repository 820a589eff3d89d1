import { LRUCache } from 'lru-cache';
import type { PictureBaseOf } from '../../http/input/picture-base.ts';
import { documentOf, type ReadyDocument } from '../wire/document.ts';
import type { TmdbRoute } from '../wire/tmdb-route.ts';

const daySeconds = 86_400;
/** Addresses whose answers are kept ready. */
const remembered = 100;

const changeKeys =
  'adult air_date also_known_as alternative_titles biography birthday budget cast certifications character_names created_by crew deathday episode episode_number episode_run_time freebase_id freebase_mid general genres guest_stars homepage images imdb_id languages name network origin_country original_name original_title overview parts place_of_birth plot_keywords production_code production_companies production_countries releases revenue runtime season season_number season_regular softcore spoken_languages status tagline title translations tvdb_id tvrage_id type video videos'.split(
    ' ',
  );

/** What needs nothing of the mirror: where images are, and that a key is fine. */
export function configurationRoutes(picturesOf: PictureBaseOf): TmdbRoute[] {
  const fixed = (path: string, answer: unknown, maxAgeSeconds: number): TmdbRoute => {
    const document = documentOf(JSON.stringify(answer), maxAgeSeconds);
    return { path, answer: () => document };
  };
  const ready = new LRUCache<string, ReadyDocument>({ max: remembered });
  const configurationAt = (imageBaseUrl: string) => {
    const known = ready.get(imageBaseUrl);
    if (known !== undefined) return known;
    const answer = { change_keys: changeKeys, images: imagesOf(imageBaseUrl) };
    const document = documentOf(JSON.stringify(answer), daySeconds);
    ready.set(imageBaseUrl, document);
    return document;
  };
  return [
    { path: 'configuration', answer: ({ request }) => configurationAt(picturesOf(request).url) },
    fixed('authentication', { success: true, status_code: 1, status_message: 'Success.' }, 0),
    // Old clients ask for one before their first call. Nothing can be done with it, so it need not be a secret.
    fixed(
      'authentication/token/new',
      { success: true, expires_at: '2099-12-31 23:59:59 UTC', request_token: '0'.repeat(40) },
      0,
    ),
  ];
}

function imagesOf(imageBaseUrl: string) {
  const secure = `${imageBaseUrl}/`;
  // TMDb's own host answers without encryption, too, and says so. Another one may not.
  const isTmdb = URL.parse(secure)?.hostname.endsWith('.tmdb.org') === true;
  return {
    base_url: isTmdb ? secure.replace(/^https:/, 'http:') : secure,
    secure_base_url: secure,
    backdrop_sizes: ['w300', 'w780', 'w1280', 'original'],
    logo_sizes: ['w45', 'w92', 'w154', 'w185', 'w300', 'w500', 'original'],
    poster_sizes: ['w92', 'w154', 'w185', 'w342', 'w500', 'w780', 'original'],
    profile_sizes: ['w45', 'w185', 'h632', 'original'],
    still_sizes: ['w92', 'w185', 'w300', 'original'],
  };
}
