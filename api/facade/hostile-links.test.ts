import { expect, test } from 'bun:test';
import { openTestApi } from '#tests/support/api/api-fixture.ts';
import { wireMovie } from '#tests/support/tmdb/movie-fixture.ts';
import { saveMovies } from '#worker/movies/save-movies.ts';
import { saveRecord } from '#worker/records/save-record.ts';
import { parseDetails } from '#worker/tmdb/wire/parse-answer.ts';
import { parseRecord } from '#worker/tmdb/wire/parse-record.ts';

const script = 'javascript:alert(1)';
const evil = '/../evil"><script>.jpg';
const german = { title: 'Film', overview: '', tagline: '', homepage: script, runtime: 0 };
const inGerman = { iso_639_1: 'de', iso_3166_1: 'DE', name: '', english_name: '', data: german };
const video = { iso_639_1: 'en', iso_3166_1: 'US', name: 'x', site: 'YouTube', size: 1080, type: 'Trailer' };
const offer = { provider_id: 8, provider_name: 'X', logo_path: evil, display_priority: 0 };
const movie = wireMovie({
  homepage: script,
  poster_path: evil,
  production_companies: [{ id: 1, name: 'X', logo_path: evil, origin_country: 'DE' }],
  credits: { cast: [{ id: 5, name: 'Five', profile_path: evil, credit_id: 'c5', order: 0 }], crew: [] },
  translations: { translations: [inGerman] },
  videos: { results: [{ ...video, key: '"><script>' }] },
  images: { backdrops: [], logos: [], posters: [{ file_path: evil, iso_639_1: 'de' }] },
  reviews: { results: [{ id: 'r', author: 'x', content: 'x', url: script }] },
  'watch/providers': { results: { US: { link: script, flatrate: [offer] } } },
});
const person = {
  ...{ id: 31, name: 'Ann', homepage: script, profile_path: evil, imdb_id: '"><script>' },
  images: { profiles: [{ file_path: evil, width: 1, height: 1 }] },
  external_ids: { imdb_id: '"><script>', youtube_id: '<script>' },
};
const collection = {
  ...{ id: 10, name: 'All', overview: '', poster_path: evil, backdrop_path: evil, parts: [] },
  images: { backdrops: [], posters: [{ file_path: evil, iso_639_1: 'de' }] },
  translations: { translations: [inGerman] },
};

test('what TMDb sends leads nobody into a script, neither under /api nor under /3', async () => {
  await using api = await openTestApi({ config: { rateLimit: false } });
  const em = () => api.database.orm.em.fork();
  await saveMovies(em(), [parseDetails(movie, 7001)], { now: new Date() });
  for (const [kind, answer] of [
    ['person', person],
    ['collection', collection],
  ] as const)
    await saveRecord(em(), parseRecord(kind, answer, answer.id), new Date());
  const every = 'credits,images,videos,reviews,translations,watch/providers,external_ids';
  for (const path of [
    '/api/movies/7001',
    '/api/movies/7001?language=de',
    '/api/people/31',
    '/api/collections/10',
    '/api/collections/10?language=de',
    `/3/movie/7001?append_to_response=${every}`,
    `/3/movie/7001?append_to_response=${every}&language=de`,
    '/3/person/31?append_to_response=images,external_ids',
    '/3/collection/10?language=de',
    '/3/collection/10/images',
  ]) {
    const answer = await api.get(path);
    const text = await answer.text();
    expect([path, answer.status, text.match(/.{0,60}(?:script|evil).{0,20}/g)]).toEqual([path, 200, null]);
  }
});

test('a homepage that is no whole address is none under /api', async () => {
  await using api = await openTestApi({ config: { rateLimit: false } });
  const answer = { ...person, homepage: 'www.example.org' };
  await saveRecord(api.database.orm.em.fork(), parseRecord('person', answer, 31), new Date());
  const { data } = await (await api.get('/api/people/31')).json();
  expect(data.homepage).toBeNull();
});
