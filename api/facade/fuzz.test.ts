import { afterAll, beforeAll, expect, test } from 'bun:test';
import fc from 'fast-check';
import { recordKinds } from '#shared/records/record.ts';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';
import { putTrending, putWholeMovie } from '#tests/support/api/movie-fixture.ts';
import { answeredParts, mirroredMovie } from '#tests/support/mirrored-movie-factory.ts';
import { saveMovies } from '#worker/movies/save-movies.ts';
import { saveRecord } from '#worker/records/save-record.ts';
import { parseRecord } from '#worker/tmdb/wire/parse-record.ts';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi({ config: { rateLimit: false, onDemandWaitMs: 0 } });
  await putWholeMovie(api.pool, 1);
  const movie = mirroredMovie(550, { parts: answeredParts({ details: '{"id":550,"title":"One"}' }) });
  await saveMovies(api.database.orm.em.fork(), [movie], { now: new Date() });
  await putTrending(api.pool, 'week', [550, 1]);
  await api.pool.query('update movies set change_seen_at = now()');
  for (const kind of recordKinds) {
    const answer = { id: 550, name: 'One', parts: [] };
    await saveRecord(api.database.orm.em.fork(), parseRecord(kind, answer, 550), new Date());
  }
});
afterAll(() => api[Symbol.asyncDispose]());

/** All that TMDb's reference knows for these routes. */
const parameters =
  'api_key language page region query year primary_release_year include_adult include_video append_to_response include_image_language include_video_language country external_source fallback sort_by certification certification.gte certification.lte certification_country primary_release_date.gte primary_release_date.lte release_date.gte release_date.lte vote_average.gte vote_average.lte vote_count.gte vote_count.lte watch_region with_cast with_companies with_crew with_genres with_keywords with_original_language with_people with_runtime.gte with_runtime.lte without_genres without_keywords start_date end_date unheard_of __proto__'.split(
    ' ',
  );
const texts = [
  '',
  '0',
  '-1',
  '1',
  '2',
  '500',
  '501',
  '18,35',
  '18|35',
  ',',
  '|',
  '1e9',
  '99999999999',
  '7.5',
  'NaN',
  'true',
  'de',
  'de-DE',
  'xx-XX',
  'en,null',
  'null',
  'credits,images',
  'watch/providers',
  'constructor',
  'popularity.asc',
  'title.desc',
  '2020-01-01',
  '2020-02-30',
  '9999-12-31',
  '2026-11-27',
  'movie_credits,tv_credits,translations',
  '0000-01-01',
  'imdb_id',
  'PG-13',
  'US',
  '%',
  '%ZZ',
  '%00',
  '%ED%A0%80',
  "'",
  '"',
  '\\',
  'a b',
  '日本',
  '🎬',
];
const value = fc.oneof(fc.constantFrom(...texts), fc.string({ unit: 'binary', maxLength: 30 }));
const query = fc.array(fc.tuple(fc.constantFrom(...parameters), value), { maxLength: 5 });
const routes = () => api.routes.filter(({ method, path }) => method === 'GET' && path.startsWith('/3/'));
const sent = (text: string) => (/^%[0-9A-Z]{2}/.test(text) ? text : encodeURIComponent(text.toWellFormed()));

test('whatever is asked, there is an answer in TMDb’s form', async () => {
  const paths = routes().map(({ path }) => path);
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...paths), value, query, async (path, id, pairs) => {
      const filled = path.replaceAll(/:\w+|\*/g, () => (id === '' ? '550' : sent(id)));
      const search = pairs.map(([name, text]) => `${name}=${sent(text)}`).join('&');
      const answer = await api.get(`${filled}?${search}`);
      const body = await answer.json();
      const asked = `${filled}?${search}`;
      expect({ asked, isOurs: 'code' in body || 'request_id' in body }).toEqual({ asked, isOurs: false });
      if (answer.status === 200) return;
      // 20 alone is said with 422.
      expect([400, 401, 404, 503, body.status_code === 20 ? 422 : 400]).toContain(answer.status);
      expect([7, 9, 20, 22, 23, 27, 34, 47]).toContain(body.status_code);
      expect(Object.keys(body)).toEqual(['success', 'status_code', 'status_message']);
    }),
    { numRuns: 1500 },
  );
});
