import { afterAll, beforeAll, expect, test } from 'bun:test';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';
import { putMovie } from '#tests/support/api/movie-fixture.ts';
import { notingPool } from '#tests/support/api/noting-pool.ts';
import { createTranslator } from './translator.ts';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
  for (const tmdbId of [100, 101]) await putMovie(api.pool, { tmdbId, title: `Movie ${tmdbId}` });
  await api.pool.query('update movies set parts_version = 1');
});
afterAll(() => api[Symbol.asyncDispose]());

test('lists of the same movies share one look while it is under way, whatever else is in their rows', async () => {
  const run: string[] = [];
  const { rows: translate } = createTranslator(notingPool(api.pool, run), () => true);
  const rows = (...ids: number[]) => ids.map((id) => ({ id, title: 'x', at: ids.indexOf(id) }));
  const one = [rows(100), rows(101)];
  const other = [rows(101, 100)];
  const third = [rows(100, 101)];
  await Promise.all([translate(one, 'de-DE'), translate(other, 'de-DE'), translate(third, 'fr-FR')]);
  expect(run).toHaveLength(2);
  const shown = (lists: Record<string, unknown>[][]) =>
    lists.map((list) => list.map(({ at, title }) => [at, title]));
  expect(shown(one)).toEqual([[[0, 'Movie 100']], [[0, 'Movie 101']]]);
  expect(shown(other)).toEqual([
    [
      [0, 'Movie 101'],
      [1, 'Movie 100'],
    ],
  ]);
  expect(shown(third)).toEqual([
    [
      [0, 'Movie 100'],
      [1, 'Movie 101'],
    ],
  ]);
  await translate([rows(100, 101)], 'de-DE');
  expect(run).toHaveLength(3);
});
