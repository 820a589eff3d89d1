import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { type Json, readExchanges } from '#tests/support/recorded/read-exchanges.ts';
import { openService, type Service } from '#tests/support/service.ts';
import {
  type DescribedRoute,
  isDescribed,
  judgeOf,
  readDescription,
} from '#tests/support/tmdb-description.ts';

/** Series, accounts and lists of users are not served; `docs/tmdb-compatible.md` says why of the rest. */
const notServed =
  /\/(tv|account|guest_session|list|lists|network|review|credit|account_states|tagged_images|tv_credits)(\/|$)|\/(movie|person)\/\{\w+\}\/changes$|\/person\/latest$|\/certification\/tv|\/authentication\/guest/;
const routes = readDescription().filter(({ path }) => !notServed.test(path));

/** Rows of movies are described for lists of everything, and series are left out of ours. */
const withoutSeries = (json: Json): Json =>
  Array.isArray(json.results)
    ? { ...json, results: json.results.filter((row: Json) => row.media_type !== 'tv') }
    : json;

/** With which status each of TMDb's codes comes. */
const statusOf: Record<number, number> = {
  7: 401,
  9: 503,
  20: 422,
  22: 400,
  23: 400,
  27: 400,
  34: 404,
  47: 400,
};

describe.skipIf(!isDescribed)('by TMDb’s own description, with TMDb away', () => {
  let service: Service;
  const ids: Record<string, string> = { time_window: 'week' };
  const queries: Record<string, string> = {
    '/3/find/{external_id}': 'external_source=imdb_id',
    '/3/discover/movie': 'sort_by=vote_count.desc',
  };

  beforeAll(async () => {
    service = await openService({
      env: { TMDB_FACADE: 'open', REGIONS: 'US,DE', ON_DEMAND_WAIT_MS: '2000' },
    });
    for (const job of ['lists', 'reference', 'details'] as const) await service.sync(job);
    const one = async (text: string) => Object.values((await service.rows(text))[0] ?? {})[0];
    ids.movie_id = '603';
    ids.external_id = String(await one('select imdb_id from movies where tmdb_id = 603'));
    ids.person_id = '6384';
    ids.keyword_id = String(await one('select keyword_id from movie_keywords limit 1'));
    ids.collection_id = '2344';
    ids.company_id = String(await one('select id from companies order by id limit 1'));
    for (const name of ['person', 'collection', 'company'])
      expect([name, (await service.get(`/3/${name}/${ids[`${name}_id`]}`)).status]).toEqual([name, 200]);
    // Everything that follows is answered by the mirror alone.
    await service.sandbox.stop();
  }, 120_000);
  afterAll(() => service?.[Symbol.asyncDispose]());

  const pathOf = ({ path }: DescribedRoute) => path.replace(/\{(\w+)\}/g, (_, name) => ids[name] ?? name);
  const ask = async (path: string) => {
    const answer = await service.get(path);
    return {
      status: answer.status, // biome-ignore lint/suspicious/noExplicitAny: its shape is what is judged
      json: (await answer.json()) as any,
    };
  };

  test.each(routes.map((route) => [route.path, route] as const))('%s', async (path, route) => {
    const query = queries[path] ?? (path.startsWith('/3/search/') ? 'query=the' : '');
    const { status, json } = await ask(`${pathOf(route)}?${query}`);
    expect({ status, json }).toMatchObject({ status: 200 });
    expect(judgeOf(route)(json)).toEqual([]);
  });

  test('a movie and a person with all that can be appended', async () => {
    for (const name of ['movie', 'person']) {
      const below = `/3/${name}/{${name}_id}`;
      const parts = routes.filter(({ path }) => path.startsWith(`${below}/`));
      const names = parts.map(({ path }) => path.slice(below.length + 1));
      expect(names.length).toBeGreaterThan(4);
      const path = `/3/${name}/${ids[`${name}_id`]}?append_to_response=${names.join(',')}`;
      const { json } = await ask(path);
      for (const [at, part] of names.entries()) {
        const judge = judgeOf(parts[at] as DescribedRoute);
        expect([part, judge({ id: 1, ...json[part] })]).toEqual([part, []]);
      }
    }
  });

  const values = fc.oneof(
    fc.constantFrom(
      '1',
      '2',
      '500',
      '18',
      '18,35',
      '18|35',
      'de',
      'de-DE',
      'fr-CA',
      'xx-XX',
      'US',
      'DE',
      'ZZ',
      'true',
      'false',
      'the',
      'a',
    ),
    fc.constantFrom(
      '2020-01-01',
      '1999',
      'popularity.asc',
      'title.desc',
      'imdb_id',
      'PG-13',
      'en,null',
      'credits,images',
      'flatrate',
      'buy|rent',
      '3|2',
      '',
    ),
    fc.constantFrom('-1', '0', '501', '1e9', '99999999999', 'NaN', '%00', "'", '%', '🎬', '2020-02-30'),
    fc.string({ unit: 'binary', maxLength: 30 }),
  );
  // Not made before it is used: without a description there is nothing to choose from.
  const anyCall = () =>
    fc.constantFrom(...routes).chain((route) => {
      const one =
        route.parameters.length === 0
          ? fc.constant([])
          : fc.subarray(route.parameters, { maxLength: Math.min(6, route.parameters.length) });
      const pairs = one.chain((names) =>
        fc.tuple(...names.map((name) => fc.tuple(fc.constant(name), values))),
      );
      return fc.tuple(fc.constant(route), pairs, fc.option(values, { freq: 5 }));
    });

  test('whatever is asked, an answer is as described, or a failure is in TMDb’s form', async () => {
    const judges = new Map(routes.map((route) => [route.path, judgeOf(route)]));
    const seen = new Map<number, number>();
    await fc.assert(
      fc.asyncProperty(anyCall(), async ([route, pairs, id]) => {
        const search = pairs
          .map(([name, text]) => `${name}=${encodeURIComponent(text.toWellFormed())}`)
          .join('&');
        const own =
          id === null || id === ''
            ? pathOf(route)
            : pathOf({
                ...route,
                path: route.path.replace(
                  /\{\w+_id\}/,
                  encodeURIComponent(id.toWellFormed()).replaceAll('.', '%2E'),
                ),
              });
        const path = `${own}?${search}`;
        const { status, json } = await ask(path);
        seen.set(status, (seen.get(status) ?? 0) + 1);
        expect({ path, isOurs: 'code' in json || 'request_id' in json }).toEqual({ path, isOurs: false });
        if (status === 200)
          return expect({ path, wrong: judges.get(route.path)?.(json) }).toEqual({ path, wrong: [] });
        expect({ path, status, keys: Object.keys(json) }).toEqual({
          path,
          status,
          keys: ['success', 'status_code', 'status_message'],
        });
        expect({ path, says: [status, json.status_code] }).toEqual({
          path,
          says: [statusOf[json.status_code] ?? 0, json.status_code],
        });
      }),
      { numRuns: 1200 },
    );
    expect(seen.get(200)).toBeGreaterThan(500);
  });

  test('what was recorded is as described, too: nothing is loosened but what has to be', () => {
    const patterns = routes.map((route) => ({
      route,
      pattern: new RegExp(`^${route.path.replace(/\{\w+\}/g, '[^/]+')}$`),
    }));
    const modern = readExchanges().filter(({ batch }) => batch === 'tmdblib');
    const judged = modern.flatMap(({ file, path, json }) => {
      const route =
        patterns.find(({ route: { path: each } }) => each === path) ??
        patterns.find(({ pattern }) => pattern.test(path));
      return route === undefined ? [] : [{ file, wrong: judgeOf(route.route)(withoutSeries(json)) }];
    });
    expect(judged.filter(({ wrong }) => wrong.length > 0)).toEqual([]);
    expect(judged.length).toBeGreaterThan(50);
  });
});
