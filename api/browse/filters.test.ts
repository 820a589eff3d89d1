import { afterAll, beforeAll, expect, test } from 'bun:test';
import { openAccount } from '#tests/support/api/account-fixture.ts';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';
import { type FixtureMovie, idsOf, type ListAnswer, putMovies } from '#tests/support/api/browse-fixture.ts';
import { BrowseMeta } from './model.ts';

const pick = <T>(values: readonly T[], at: number): T => values[at % values.length] as T;

/** Each has something of everything, in periods that share no divisor. */
const movies: FixtureMovie[] = Array.from({ length: 120 }, (_, n) => ({
  tmdb_id: n + 1,
  title: `Film ${pick(['one', 'two', 'three'], n)}`,
  popularity: 1000 - n,
  vote_average: n % 10,
  vote_count: 10,
  release_date: pick([`${1990 + (n % 9)}-01-01`, null], n % 8 === 7 ? 1 : 0),
  genres: [18, 35, 99].filter((_, at) => (n >> at) % 2 === 0),
  runtime: pick([null, 80, 90, 100, 110], n),
  original_language: pick(['en', 'de', 'fr', null], n),
  countries: pick([['US'], ['US', 'DE'], ['IS'], [], ['DE', 'IS'], ['SU']], n),
  keywords: [1, 2, 3].filter((each) => n % (each + 1) === 0),
  companies: [25, 26].filter((each) => n % (each - 20) === 0),
  providers: n % 3 === 0 ? { DE: [8, 9], US: [8] } : n % 5 === 0 ? { DE: [9] } : {},
  certification: pick(['PG-13', 'R', null, 'G'], n),
  certifications: { ...(n % 7 === 0 ? { DE: '16' } : {}), ...(n % 7 === 1 ? { DE: '12' } : {}) },
  cast: [7, 8, 9].filter((each) => n % (each - 4) === 0),
  crew: [11],
  directors: [11, 12].filter((each) => n % (each - 8) === 0),
}));

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi({ config: { rateLimit: false } });
  await putMovies(api.pool, movies);
  await api.pool.query('analyze');
});
afterAll(() => api[Symbol.asyncDispose]());

const list = async (query: string, headers = {}): Promise<ListAnswer> => {
  const answer = await api.get(`/api/movies?${query}`, headers);
  expect([query, answer.status]).toEqual([query, 200]);
  return answer.json();
};
const read = async (query: string, headers = {}) => {
  const whole = await list(`${query}&limit=100`, headers);
  const rest = await list(`${query}&limit=100&page=2`, headers);
  expect(Number(whole.meta.total_results)).toBe(idsOf(whole).length + idsOf(rest).length);
  return [...idsOf(whole), ...idsOf(rest)];
};

type Passes = (movie: FixtureMovie) => boolean;
const has = <T>(values: readonly T[] | undefined, value: T) => (values ?? []).includes(value);
const offers =
  (country: string, id: number): Passes =>
  (movie) =>
    has(movie.providers?.[country], id);

/** What each leaves, as whoever reads the parameter's description would say. */
const filters: [query: string, passes: Passes][] = [
  ['ids=5,3,3,120,4711', ({ tmdb_id }) => [3, 5, 120].includes(tmdb_id)],
  ['genre=18', ({ genres }) => has(genres, 18)],
  ['genre=18,35', ({ genres }) => has(genres, 18) && has(genres, 35)],
  ['genre=18|35', ({ genres }) => has(genres, 18) || has(genres, 35)],
  ['genre=4711|99', ({ genres }) => has(genres, 99)],
  ['runtime_min=90', ({ runtime }) => (runtime ?? 0) >= 90],
  ['runtime_max=90', ({ runtime }) => (runtime ?? 1000) <= 90],
  ['runtime_min=90&runtime_max=100', ({ runtime }) => runtime === 90 || runtime === 100],
  ['original_language=de', ({ original_language: code }) => code === 'de'],
  ['original_language=FR', ({ original_language: code }) => code === 'fr'],
  ['country=US', ({ countries }) => has(countries, 'US')],
  ['country=us,DE', ({ countries }) => has(countries, 'US') && has(countries, 'DE')],
  ['country=US|DE', ({ countries }) => has(countries, 'US') || has(countries, 'DE')],
  ['country=IS', ({ countries }) => has(countries, 'IS')],
  ['country=IS,DE', ({ countries }) => has(countries, 'IS') && has(countries, 'DE')],
  ['country=IS|US', ({ countries }) => has(countries, 'IS') || has(countries, 'US')],
  ['country=SU', ({ countries }) => has(countries, 'SU')],
  ['director=11', ({ directors }) => has(directors, 11)],
  ['director=11,12', ({ directors }) => has(directors, 11) && has(directors, 12)],
  ['director=11|12', ({ directors }) => has(directors, 11) || has(directors, 12)],
  ['actor=7', ({ cast }) => has(cast, 7)],
  ['actor=7,8', ({ cast }) => has(cast, 7) && has(cast, 8)],
  ['actor=7|8|9', ({ cast }) => [7, 8, 9].some((id) => has(cast, id))],
  ['actor=11', () => false],
  ['keyword=2', ({ keywords }) => has(keywords, 2)],
  ['keyword=1,2,3', ({ keywords }) => [1, 2, 3].every((id) => has(keywords, id))],
  ['keyword=2|3', ({ keywords }) => has(keywords, 2) || has(keywords, 3)],
  ['company=25', ({ companies }) => has(companies, 25)],
  ['company=25|26', ({ companies }) => has(companies, 25) || has(companies, 26)],
  ['provider=8&region=US', offers('US', 8)],
  ['provider=9&region=US', () => false],
  ['provider=8', offers('US', 8)],
  ['provider=8,9&region=DE', (movie) => offers('DE', 8)(movie) && offers('DE', 9)(movie)],
  ['provider=8|9&region=de', (movie) => offers('DE', 8)(movie) || offers('DE', 9)(movie)],
  ['certification=pg13', ({ certification }) => certification === 'PG-13'],
  ['certification=R|G&region=US', ({ certification }) => ['R', 'G'].includes(certification ?? '')],
  ['certification=16&region=DE', ({ certifications }) => certifications?.DE === '16'],
  ['certification=R&region=DE', () => false],
  ['certification=12|16&region=DE', ({ certifications }) => certifications?.DE !== undefined],
  ['certification=NR', () => false],
];

const expected = (...passes: Passes[]) =>
  movies.filter((movie) => passes.every((each) => each(movie))).map(({ tmdb_id }) => tmdb_id);

test.each(filters)('%s leaves what has it, in any order, and in a search', async (query, passes) => {
  const ids = expected(passes);
  expect(await read(query)).toEqual(ids);
  expect(await read(`${query}&order=asc`)).toEqual(ids.toReversed());
  for (const sort of ['rating', 'vote_average', 'release_date', 'title'])
    expect((await read(`${query}&sort=${sort}`)).sort((a, b) => a - b)).toEqual(ids);
  const two: Passes = ({ title }) => title === 'Film two';
  expect(await read(`${query}&query=film two&sort=popularity`)).toEqual(expected(passes, two));
});

test('any two of them leave what has both', async () => {
  const inRegion = (query: string) => /region=(\w+)/.exec(query)?.[1]?.toUpperCase();
  for (const [at, [one, passesOne]] of filters.entries())
    for (const step of [1, 4, 9, 14]) {
      const [other, passesOther] = pick(filters, at + step);
      const both = new URLSearchParams(`${one}&${other}`);
      const isOnce = [...both.keys()].length === new Set(both.keys()).size;
      // A region is that of both, and the default one is left to those that name none.
      const needsDefault = [one, other].some(
        (each) => /provider|certification/.test(each) && !inRegion(each),
      );
      if (!isOnce || (needsDefault && (inRegion(one) ?? inRegion(other) ?? 'US') !== 'US')) continue;
      if ([one, other].some((each) => inRegion(each) && !/provider|certification/.test(each))) continue;
      expect([one, other, await read(`${one}&${other}`)]).toEqual([
        one,
        other,
        expected(passesOne, passesOther),
      ]);
    }
});

test('cursors lead through what filters leave', async () => {
  for (const query of [
    'country=US|DE&runtime_min=80',
    'keyword=1&genre=18|35',
    'provider=8&region=DE&sort=title',
  ]) {
    const whole = await read(query);
    const found: number[] = [];
    for (let after = ''; ; ) {
      const page = await list(`${query}&limit=7${after}`);
      found.push(...idsOf(page));
      if (page.meta.next === undefined) break;
      after = `&after=${page.meta.next}`;
    }
    expect([query, found]).toEqual([query, whole]);
  }
  const { next } = (await list('country=US&limit=3')).meta;
  for (const other of ['country=DE', 'country=US&keyword=1', 'country=US|DE', 'country=US&runtime_max=100'])
    expect([other, (await api.get(`/api/movies?${other}&after=${next}`)).status]).toEqual([other, 422]);
  const offered = (await list('provider=8&region=DE&limit=3')).meta.next;
  expect((await api.get(`/api/movies?provider=8&region=US&after=${offered}`)).status).toBe(422);
  expect((await api.get(`/api/movies?provider=8&region=DE&language=de-DE&after=${offered}`)).status).toBe(
    200,
  );
});

test('a merged id answers the movie that it became, and both together answer it once', async () => {
  await putMovies(api.pool, [
    { tmdb_id: 901, state: 'gone' },
    { tmdb_id: 902, state: 'gone' },
    { tmdb_id: 903, state: 'gone' },
  ]);
  await api.pool.query(
    `insert into movie_merges (tmdb_id, into_tmdb_id, state, certainty, looked_at) values
       (901, 4, 'moved', 1, now()), (902, 901, 'moved', 1, now()), (903, 5, 'proposed', 0.5, now())`,
  );
  expect(await read('ids=901')).toEqual([4]);
  expect(await read('ids=902,901,4,6')).toEqual([4, 6]);
  expect(await read('ids=903')).toEqual([]);
  expect(await read('ids=901&country=US')).toEqual([]);
});

test("without a region, the certification of the caller's country counts, and where there is none that of the US", async () => {
  const { headers } = await openAccount(api);
  const inGermany = await api.request('/api/user/profile', {
    method: 'PATCH',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ country: 'DE' }),
  });
  expect(inGermany.status).toBe(200);
  const isGerman: Passes = ({ certifications }) => certifications?.DE === '16';
  const isAmerican: Passes = ({ certification, certifications }) =>
    certification === 'R' && certifications?.DE === undefined;
  expect(await read('certification=16', headers)).toEqual(expected(isGerman));
  expect(await read('certification=R', headers)).toEqual(expected(isAmerican));
  expect(await read('certification=16|R', headers)).toEqual(
    expected((movie) => isGerman(movie) || isAmerican(movie)),
  );
  expect(await read('certification=R&region=DE', headers)).toEqual([]);
  expect(await read('provider=9', headers)).toEqual(expected(offers('DE', 9)));
});

test('adult titles, and those for older people, stay out of any list', async () => {
  await using other = await openTestApi({ config: { rateLimit: false } });
  const shared = { countries: ['US'], keywords: [1], genres: [18], cast: [7] };
  await putMovies(other.pool, [
    { tmdb_id: 1, ...shared, adult: true },
    { tmdb_id: 2, ...shared, certification: 'R' },
    { tmdb_id: 3, ...shared },
    { tmdb_id: 4, ...shared, fetched_at: new Date(Date.now() - 181 * 86_400_000).toISOString() },
  ]);
  const child = (await openAccount(other, { dateOfBirth: '2020-01-01' })).headers;
  for (const query of [
    'country=US',
    'keyword=1',
    'actor=7',
    'genre=18|35',
    'ids=1,2,3,4',
    'certification=R|G',
  ]) {
    const found = async (headers = {}) => {
      const { data, meta } = await (await other.get(`/api/movies?${query}&facets=true`, headers)).json();
      expect(meta.total_results).toBe(data.length);
      return data.map((movie: { tmdb_id: number }) => movie.tmdb_id);
    };
    const all = query.startsWith('certification') ? [2] : [2, 3];
    expect([query, await found()]).toEqual([query, all]);
    expect([query, await found(child)]).toEqual([query, all.filter((id) => id !== 2)]);
  }
});

test.each([
  ...[
    'ids=',
    'ids=x',
    'ids=0',
    'ids=1,',
    'ids=1|2',
    'ids=2147483648',
    `ids=${movies.slice(0, 101).map((m) => m.tmdb_id)}`,
  ],
  ...['genre', 'director', 'actor', 'keyword', 'company', 'provider'].flatMap((name) =>
    [
      '',
      'x',
      '0',
      '1,',
      '|1',
      '1,2|3',
      '-1',
      '1.5',
      '2147483648',
      `${Array.from({ length: 21 }, (_, n) => n + 1)}`,
    ].map((value) => `${name}=${value}`),
  ),
  ...['runtime_min=', 'runtime_min=-1', 'runtime_min=1.5', 'runtime_min=100001', 'runtime_max=x'],
  'runtime_max=80&runtime_min=90',
  ...['original_language=', 'original_language=qq', 'original_language=de-DE', 'original_language=de|fr'],
  ...['country=', 'country=ZZ', 'country=USA', 'country=US,', 'country=US,DE|FR'],
  ...[
    'certification=',
    'certification=%20',
    'certification=R|',
    `certification=${'x'.repeat(31)}`,
    'certification=a%00',
  ],
  ...['facets=', 'facets=1', 'facets=yes', 'region=ZZ&provider=8', 'keywords=1', 'country=US&country=DE'],
])('%s is refused by name', async (query) => {
  const answer = await api.get(`/api/movies?${query}`);
  expect(answer.status).toBe(422);
  const { code, details } = await answer.json();
  expect(code).toBe('invalid_input');
  expect(details[0].path).toBe(query.split('=')[0] as string);
});

test('facets say how many of all pages have what', async () => {
  for (const [query, passes] of [
    ['country=US|DE&limit=2', filters[12]?.[1]],
    ['limit=1', () => true],
    ['query=film&limit=3', () => true],
  ] as [string, Passes][]) {
    const { meta } = await list(`${query}&facets=true&page=2`);
    BrowseMeta.strict().parse(meta);
    const facets = meta.facets as NonNullable<BrowseMeta['facets']>;
    const passing = movies.filter(passes);
    const count = (test: Passes) => passing.filter(test).length;
    expect(Object.fromEntries(facets.genres.map(({ id, count }) => [id, count]))).toEqual({
      18: count(({ genres }) => has(genres, 18)),
      35: count(({ genres }) => has(genres, 35)),
      99: count(({ genres }) => has(genres, 99)),
    });
    expect(facets.genres[0]?.name).toBe(`Genre ${facets.genres[0]?.id}`);
    for (const { iso_3166_1: country, count: counted } of facets.countries)
      expect([country, counted]).toEqual([country, count(({ countries }) => has(countries, country))]);
    expect(facets.countries.map(({ iso_3166_1 }) => iso_3166_1)).toContain('DE');
    for (const { iso_639_1: code, count: counted } of facets.original_languages)
      expect(counted).toBe(count((movie) => movie.original_language === code));
    expect(facets.years.reduce((sum, { count }) => sum + count, 0)).toBe(
      count((movie) => movie.release_date != null),
    );
  }
  expect((await list('country=US')).meta).not.toHaveProperty('facets');
  expect((await list('country=US&facets=false')).meta).not.toHaveProperty('facets');
  const none = (await list('actor=4711&facets=true')).meta.facets;
  expect(none).toEqual({ genres: [], countries: [], original_languages: [], years: [] });
});

test('of more than are counted, facets are left out and the list is not', async () => {
  await using other = await openTestApi({ config: { rateLimit: false } });
  await other.pool.query(
    `insert into movies (tmdb_id, state, title, popularity, original_language, country_bits, fetched_at)
     select n, 'listed', 'Movie', n, 'en', 1, now() from generate_series(1, 10001) n`,
  );
  await other.pool.query('analyze movies');
  for (const query of ['', 'country=US', 'original_language=en']) {
    const ask = async () => (await other.get(`/api/movies?${query}&facets=true&limit=1`)).json();
    expect((await ask()).meta).toMatchObject({ total_results: 10_001, facets: null });
  }
  const { meta } = await (await other.get('/api/movies?ids=1,2,3&facets=true')).json();
  expect(meta.facets.countries).toEqual([{ iso_3166_1: 'US', count: 3 }]);
});
