import { afterAll, beforeAll, expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openService, type Service } from './support/service.ts';
import { softly, steps, studied } from './support/studied-applications.ts';

let service: Service;
const values: Record<string, string> = { movie: '603', person: '6384' };

beforeAll(async () => {
  service = await openService({ env: { TMDB_FACADE: 'open', ON_DEMAND_WAIT_MS: '2000' } });
  for (const job of ['lists', 'reference', 'details'] as const) await service.sync(job);
  const one = async (text: string) => String(Object.values((await service.rows(text))[0] ?? {})[0]);
  const ofMovie = 'from movies m where m.tmdb_id = 603';
  values.title = encodeURIComponent(await one(`select title ${ofMovie}`));
  values.imdb = await one(`select imdb_id ${ofMovie}`);
  values.year = await one(`select extract(year from release_date)::int ${ofMovie}`);
  values.collection = await one(`select collection_id ${ofMovie}`);
  values.genre = await one(
    `select genre_id from movie_genres g join movies m on m.id = g.movie_id where tmdb_id = 603`,
  );
  const keyword =
    'from movie_keywords k join movies m on m.id = k.movie_id join keywords w on w.id = k.keyword_id';
  values.keyword = await one(`select w.id ${keyword} where tmdb_id = 603`);
  values.keywordName = encodeURIComponent(await one(`select w.name ${keyword} where tmdb_id = 603`));
  values.name = encodeURIComponent(await one('select name from people where id = 6384'));
  values.director = await one(
    `select person_id from credits c join movies m on m.id = c.movie_id where tmdb_id = 603 and kind = 'crew' limit 1`,
  );
  values.company = await one('select id from companies order by id limit 1');
  const providers = await service.get('/3/watch/providers/movie?watch_region=US');
  values.provider = String(
    ((await providers.json()) as { results: { provider_id: number }[] }).results[0]?.provider_id,
  );
  for (const path of ['person/{person}', 'collection/{collection}', 'company/{company}'])
    expect((await service.get(`/3/${filled(path)}`)).status).toBe(200);
  // From now on all is answered by the mirror alone.
  await service.sandbox.stop();
}, 180_000);
afterAll(() => service?.[Symbol.asyncDispose]());

const filled = (path: string) => path.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? name);

/** Whether an answer has what a dotted name leads to. */
function has(json: unknown, [key = '', ...rest]: readonly string[]): boolean {
  const within = Array.isArray(json) ? json[0] : json;
  if (typeof within !== 'object' || within === null || !(key in within)) return false;
  return rest.length === 0 || has((within as Record<string, unknown>)[key], rest);
}

/** What of a call an application would miss. */
async function missingOf(path: string, reads: readonly string[]): Promise<string[]> {
  const answer = await service.get(`/3/${filled(path)}`);
  if (answer.status !== 200) return [`${path}: ${answer.status} ${await answer.text()}`];
  const json: unknown = await answer.json();
  return reads.filter((name) => !has(json, name.split('.'))).map((name) => `${path}: no ${name}`);
}

test('so many of the studied applications work whole on movies as the paper says, with TMDb away', async () => {
  const missing: string[] = [];
  let whole = 0;
  for (const { whole: share, calls } of steps) {
    for (const { path, reads } of calls) missing.push(...(await missingOf(path, reads)));
    if (missing.length === 0) whole = Math.round(share * studied);
  }
  expect({ whole, missing }).toEqual({ whole: 95, missing: [] });
  expect(whole).toBeGreaterThanOrEqual(90);
  const paper = readFileSync(join(import.meta.dir, '../docs/tmdb-compatible.md'), 'utf8');
  expect(paper).toContain(`${whole} of ${studied}`);
}, 60_000);

test('what else they call fails as at TMDb', async () => {
  for (const path of softly) {
    const answer = await service.get(`/3/${filled(path)}`);
    expect([path, answer.status, ((await answer.json()) as { status_code: number }).status_code]).toEqual([
      path,
      404,
      34,
    ]);
  }
});
