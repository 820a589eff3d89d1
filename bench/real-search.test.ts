import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';
import { putMovies } from '#tests/support/api/browse-fixture.ts';
import { findRealData } from './real/find-real-data.ts';
import { packedLines } from './real/read-files.ts';

const folder = findRealData(process.env);
if (folder === undefined)
  process.stderr.write(
    '\nno real records here (NEXUS_REAL_DATA): search is tested on hand-written titles alone\n',
  );

interface RealRecord {
  id: number;
  title: string;
  original_title: string | null;
  popularity: number | null;
  vote_average: number | null;
  vote_count: number | null;
  release_date: string | null;
  adult: boolean | null;
}

async function fill(api: TestApi, path: string): Promise<void> {
  let batch: RealRecord[] = [];
  const flush = async () => {
    await putMovies(
      api.pool,
      batch.map(
        ({ id, title, original_title, popularity, vote_average, vote_count, release_date, adult }) => ({
          ...{
            tmdb_id: id,
            title: title.slice(0, 255),
            original_title,
            popularity,
            vote_average,
            vote_count,
            adult,
          },
          release_date: release_date || null,
        }),
      ),
    );
    batch = [];
  };
  for await (const line of packedLines(path, 'movies-30k.ndjson.gz')) {
    batch.push(JSON.parse(line));
    if (batch.length === 5000) await flush();
  }
  await flush();
  await api.pool.query('analyze');
}

describe.skipIf(folder === undefined)('over the real catalogue', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await openTestApi({ config: { rateLimit: false } });
    if (folder !== undefined) await fill(api, folder);
  }, 180_000);
  afterAll(() => api[Symbol.asyncDispose]());

  test.each([
    ['godfater', 238],
    ['godfather', 238],
    ['the godfather part two', 240],
    ['amelie', 194],
    ['star wars', 11],
    ['starwars', 11],
    ['wall e', 10681],
    ['walle', 10681],
    ['se7en', 807],
    ['8 1/2', 422],
    ['東京物語', 18148],
    ['spiderman', 557],
    ['oceans 11', 161],
    ['shawshenk redemtion', 278],
    ['teh matrix', 603],
    ['jwas', 578],
    ['fight clb', 550],
    ['pulp ficton movie', 680],
    ['lord of rings return of king', 122],
    ['blade runner 2049', 335984],
    ['casablanca 1942', 289],
    ['romeo & juliet', 6003],
    ['schindlers list', 424],
    ['千と千尋', 129],
  ])('%p is answered with the film that is meant, among the first three', async (query, tmdbId) => {
    const answer = await api.get(`/api/movies?limit=3&query=${encodeURIComponent(query)}`);
    const { data } = await answer.json();
    expect(data.map((movie: { tmdb_id: number }) => movie.tmdb_id)).toContain(tmdbId);
  });

  test('every movie has just one place, whichever way they are sorted', async () => {
    const { rows } = await api.pool.query<{ n: number }>(
      'select count(*)::int as n from movies where adult is not true',
    );
    for (const sort of ['vote_average', 'popularity&order=asc']) {
      const seen = new Set<number>();
      for (let place = '', more = true; more; ) {
        const { data, meta } = await (await api.get(`/api/movies?sort=${sort}&limit=100${place}`)).json();
        for (const movie of data) seen.add(movie.tmdb_id);
        expect(meta.total_results).toBe(rows[0]?.n);
        place = `&after=${encodeURIComponent(meta.next ?? '')}`;
        more = meta.next !== undefined;
      }
      expect([sort, seen.size]).toEqual([sort, rows[0]?.n ?? 0]);
    }
  }, 180_000);
});
