import { z } from 'zod';
import { discovered } from './discovered.ts';
import { numbers } from './numbers.ts';

/** One request of the walk. */
export interface CostCase {
  /** Which route it is about, as the description has it. */
  route: string;
  what: string;
  path: string;
  init?: RequestInit;
  /** What each further request asks instead, so that none is the same as one before. */
  another?: (n: number) => Partial<Pick<CostCase, 'path' | 'init'>>;
}

/** A route: its plain request, and those that may not cost much more. */
export interface CostRoute {
  plain: CostCase;
  others: CostCase[];
}

const Parameter = z.object({
  name: z.string(),
  in: z.string(),
  schema: z.object({
    type: z.string().optional(),
    enum: z.array(z.string()).optional(),
    minimum: z.number().optional(),
    maximum: z.number().optional(),
  }),
});
const Operation = z.object({
  security: z.array(z.record(z.string(), z.unknown())).optional(),
  parameters: z.array(Parameter).default([]),
  requestBody: z.object({ content: z.record(z.string(), z.object({ example: z.unknown() })) }).optional(),
});
export const Description = z.object({
  paths: z.record(z.string(), z.record(z.string(), Operation)),
});
type Description = z.output<typeof Description>;
type Parameter = z.output<typeof Parameter>;
type Operation = z.output<typeof Operation>;

/** So many characters in a row, as Unicode numbers them. */
const codes = (from: number, count: number) => String.fromCodePoint(...numbers(count, from));
const words = 'the of love man night last house dark little world great time life girl story'.split(' ');

const manyIds = ['1', numbers(20).join(','), numbers(20).join('|')];

/** What is worst to ask of a parameter by its name, beside what its schema says. */
const worstOf: Readonly<Record<string, readonly string[]>> = {
  query: [
    ...['a', 'th', 'the', 'the of', words.join(' '), 'qxzjvw kqxzzv', '%', '_'.repeat(300)],
    ...[
      codes(0x4e00, 1500),
      codes(0x3041, 80).repeat(5),
      codes(0xac00, 400),
      '龍龙東东國国'.repeat(60),
      '²³¹'.repeat(130),
    ],
    ...[
      'the.matrix.1999.1080p.mkv.'.repeat(15),
      'a-'.repeat(200),
      `a${'\u0301'.repeat(1200)}`,
      '🎬 '.repeat(200),
    ],
    ...[
      'a\u200bb\u200c'.repeat(100),
      codes(0x621, 30).repeat(13),
      '1 '.repeat(300),
      '龍 東 國 愛 戰 門'.replaceAll(/\S/g, '$&$&$&$&'),
    ],
    ...['ab '.repeat(100), 'x'.repeat(10_000), numbers(100).join(' '), 'ááááá éééé', '李', '\\'.repeat(300)],
  ],
  genre: [
    ...['1', '1,2', '1|2', numbers(19).join(','), numbers(20).join('|')],
    ...[numbers(20).join(','), numbers(20, 1000).join(',')],
  ],
  ids: ['1', numbers(100).join(',')],
  country: ['IS', 'US,FR', 'US', 'US|FR|DE'],
  original_language: ['ko', 'en'],
  runtime_min: ['0', '100', '90'],
  runtime_max: ['60', '100', '120'],
  keyword: manyIds,
  company: manyIds,
  provider: manyIds,
  director: manyIds,
  certification: ['R', 'NR', 'G|PG|PG-13|R|NC-17', '12'],
  facets: ['true'],
  min_vote_count: ['1', '10', '100', '10000'],
  released_from: ['0001-01-01', '2000-01-01', '2019-01-01'],
  released_to: ['9999-12-31', '1990-01-01', '1935-01-01'],
  movies: ['1', numbers(50).join(','), numbers(50, 1000).join(','), numbers(50, 1_900_000_000).join(',')],
  genres: ['1', numbers(10).join(','), numbers(10, 10).join(',')],
  actor: manyIds,
  ...Object.fromEntries(
    [
      'with_genres',
      'without_genres',
      'with_keywords',
      'with_companies',
      'with_cast',
      'with_crew',
      'with_people',
    ].map((name) => [name, [...manyIds, numbers(19).join(','), '1,2,3', '1']]),
  ),
  with_watch_providers: manyIds,
  watch_region: ['DE', 'US'],
  'vote_average.gte': ['1', '9', '5'],
  'vote_count.gte': ['1', '10000', '10'],
  'primary_release_date.gte': ['1900-01-01', '2019-01-01', '1990-01-01'],
  'primary_release_date.lte': ['1935-01-01', '1990-01-01'],
  'with_runtime.gte': ['1', '90'],
  with_original_language: ['ko', 'en'],
  'certification.lte': ['R'],
  certification_country: ['US'],
  include_adult: ['true'],
  external_source: ['imdb_id'],
  language: ['en', 'x'.repeat(2000), 'zh-Hant-TW', 'de-DE'],
  append_to_response: [
    'credits,videos,images,release_dates,translations,recommendations,similar,reviews',
    'movie_credits,combined_credits,images,external_ids,translations',
  ],
  // The last ones are tried with every other parameter: the deepest that is answered, not those that are refused.
  page: ['1000000000', '5000', '2', '100', '500'],
};
/** What a route is asked for plainly, where nothing at all would be no question. */
const plainQueries: Readonly<Record<string, string>> = {
  '/api/search': '?query=the+love',
  '/api/recommendations': '?movies=8&genres=1',
  ...Object.fromEntries(
    ['movie', 'person', 'multi', 'collection', 'company', 'keyword'].map((kind) => [
      `/3/search/${kind}`,
      '?query=the+love',
    ]),
  ),
  '/3/find/tt0137523': '?external_source=imdb_id',
};
/** TMDb's own paths, which the description leaves to TMDb's. */
const facadeSorts = [
  'popularity',
  'vote_average',
  'vote_count',
  'title',
  'primary_release_date',
  'revenue',
].flatMap((field) => [`${field}.desc`, `${field}.asc`]);
const facadePaths: Readonly<Record<string, readonly string[]>> = {
  '/3/discover/movie': [
    ...[
      'sort_by',
      'with_genres',
      'without_genres',
      'with_keywords',
      'with_companies',
      'with_cast',
      'with_crew',
    ],
    ...['with_people', 'with_watch_providers', 'watch_region', 'vote_average.gte', 'vote_count.gte', 'page'],
    ...['primary_release_date.gte', 'primary_release_date.lte', 'with_runtime.gte', 'with_original_language'],
    ...['certification.lte', 'certification_country', 'include_adult', 'year'],
  ],
  '/3/search/movie': ['query', 'year', 'include_adult', 'page'],
  '/3/search/person': ['query', 'page'],
  '/3/search/multi': ['query', 'page'],
  '/3/search/collection': ['query', 'page'],
  '/3/search/company': ['query', 'page'],
  '/3/search/keyword': ['query', 'page'],
  '/3/movie/{id}': ['append_to_response', 'language'],
  '/3/movie/popular': ['page', 'region', 'language'],
  '/3/movie/changes': ['page', 'start_date', 'end_date'],
  '/3/trending/movie/week': ['page', 'language'],
  '/3/genre/movie/list': ['language'],
  '/3/find/tt0137523': ['external_source'],
  '/3/keyword/{id}/movies': ['page'],
  '/3/person/{id}': ['append_to_response', 'language'],
  '/3/person/{id}/movie_credits': ['language'],
  '/3/person/{id}/combined_credits': ['language'],
  '/3/movie/{id}/credits': ['language'],
  '/3/movie/{id}/recommendations': ['page', 'language'],
  '/3/movie/{id}/similar': ['page', 'language'],
  '/3/collection/{id}': ['append_to_response', 'language'],
};

/** For a parameter that nobody has thought of yet. */
const anyText = [
  '1',
  'a',
  numbers(20).join(','),
  numbers(100).join(','),
  numbers(20).join('|'),
  'x'.repeat(2000),
];

function valuesOf({ name, schema }: Parameter): string[] {
  const { enum: choices = [], minimum, maximum, type } = schema;
  const bounds = [minimum, maximum].filter((bound) => bound !== undefined).map(String);
  const texts = worstOf[name] ?? (type === 'string' && choices.length === 0 ? anyText : []);
  return [...new Set([...choices, ...bounds, ...texts])];
}

/** As they go into a query. Of each parameter alone, and of any two together the worst ones. */
function queriesOf(parameters: readonly Parameter[], pairs: boolean): string[] {
  const single = parameters.map((parameter) =>
    valuesOf(parameter).map((value) => `${parameter.name}=${encodeURIComponent(value)}`),
  );
  const both = single.flatMap((values, index) =>
    single
      .slice(index + 1)
      .flatMap((others) =>
        values.slice(-3).flatMap((one) => others.slice(-2).map((other) => `${one}&${other}`)),
      ),
  );
  const all = [single.map((values) => values.at(-1)).join('&'), single.map((values) => values[0]).join('&')];
  return [...single.flat(), ...all, ...(pairs ? both : [])].filter((query) => query !== '');
}

const manyOf = (from = 1) => numbers(20, from).join('|');
/** Facets of many movies and of few. */
const pickedFacets = [
  ...['genre=1', 'genre=1,2', 'company=1', 'company=1|2|3', 'keyword=1|2|3', 'year=1999', 'certification=R'],
  ...['certification=12&region=DE', 'provider=1|2|3&region=DE&genre=1', 'actor=7', `keyword=${manyOf(3000)}`],
];

/** What costs most together, where a route has these parameters: the deepest page of each order under each filter. */
const movieFilters = [
  ...[
    'genre=1',
    'genre=10',
    'genre=19',
    'genre=1,2',
    'genre=1,2,3',
    'min_vote=5',
    'min_vote=9',
    'min_vote_count=10',
  ],
  ...[
    'genre=1&min_vote=5',
    'genre=1,2&min_vote=9',
    'genre=1&year=2010&min_vote=7',
    'released_from=1980-01-01',
  ],
  ...[
    'country=US&genre=1|2',
    'keyword=1',
    'company=1|2|3&runtime_min=90',
    'provider=1&region=DE&country=US|FR',
  ],
  ...['certification=12|16&region=DE', 'original_language=en&keyword=1,2', 'keyword=1&facets=true'],
  ...['genre=10&min_vote=8&released_to=1990-01-01', 'min_vote_count=10&released_from=1990-01-01&min_vote=5'],
  ...['company=1', 'company=1&facets=true', 'keyword=1&company=1', 'certification=G|PG&keyword=1'],
  ...[
    `keyword=${manyOf()}&provider=${manyOf()}`,
    `keyword=${manyOf(9000)}`,
    `company=${manyOf()}&keyword=15000`,
  ],
];
const pagedSearches = [
  ...['the&genre=1&sort=rating', 'the&keyword=1&sort=title', 'a&sort=title&facets=true'].map(
    (query) => `query=${query}&page=50`,
  ),
];
const commonWords = ['the', 'th', 'a', 'and and', 'of', '2', 'the 1999'];
/** What narrows a search for a word that very many titles have. */
const searchFilters = [
  ...['genre=1', 'min_vote=5', 'keyword=1', 'keyword=1|2|3', 'keyword=15000', 'company=1', 'country=US'],
  ...['country=US&keyword=1', 'provider=1&region=US', `provider=${manyOf()}`, 'certification=R', 'year=1999'],
  ...['certification=12&region=DE', 'genre=1,2,3', 'genre=1|2|3', 'original_language=ko', 'actor=7'],
  ...['genre=1&min_vote=5&original_language=en', 'runtime_min=90', 'released_to=1990-01-01', 'facets=true'],
  ...['language=de-DE&keyword=1', 'sort=title&page=50'],
];
const manyWords = [
  ...['one two three four five six seven eight', 'first second third fourth fifth sixth seventh eighth'],
  ...[
    'lvoe mna ngiht lsat huose drak litle wolrd',
    'mr dr st no v one two three',
    'ii iii iv vi vii viii ix x',
  ],
];
/** @param isLarge a small catalogue says little of searches, and they are many */
const togetherOf = (sorts: readonly string[], isLarge: boolean): string[] => [
  ...movieFilters.flatMap((filter) => sorts.map((sort) => `${filter}&sort=${sort}&page=500`)),
  ...(isLarge ? commonWords : ['the', 'a']).flatMap((query) =>
    (isLarge ? searchFilters : searchFilters.slice(0, 10)).map((filter) => `query=${query}&${filter}`),
  ),
  ...pagedSearches,
  ...pickedFacets.map((filter) => `${filter}&facets=true`),
  ...manyWords.flatMap((query) => [`query=${query}`, `query=${query}&genre=1`]),
];

/** What has nothing to do with the route's parameters. */
const anyQuery = [
  'a&'.repeat(7000),
  '%&'.repeat(7000),
  '%25'.repeat(4000),
  '%'.repeat(14_000),
  'a=b&'.repeat(90),
];
const anyHeaders: Record<string, string>[] = [
  { 'if-none-match': '"a",'.repeat(3500) },
  { 'if-none-match': 'W/"'.repeat(4500) },
  { 'accept-language': 'en;q=0.1,'.repeat(1500) },
  { 'accept-language': 'qq-Zyyy-AA,'.repeat(1200) },
  { 'accept-encoding': ','.repeat(14_000) },
  { 'x-forwarded-for': '10.0.0.1,'.repeat(1500) },
  { cookie: 'a=b; '.repeat(2800) },
  { accept: 'text/html,'.repeat(1400) },
  { origin: `https://${'a.'.repeat(6000)}` },
  { 'x-request-id': 'a'.repeat(14_000) },
];
/** Bodies of the largest size that is read, and above. */
const bodies = (size: number): string[] => [
  `[${'1,'.repeat(size / 2 - 10)}1]`,
  `[${'{},'.repeat(size / 3 - 10)}1]`,
  `{${numbers(Math.floor(size / 13))
    .map((n) => `"k${n}":1`)
    .join(',')}}`,
  `{${numbers(Math.floor(size / 13))
    .map((n) => `"${n * 7}":1`)
    .join(',')}}`,
  '['.repeat(size - 10),
  `{"email":"${'a'.repeat(size - 100)}"}`,
  `{"email":"${'\\u0041'.repeat(size / 6 - 20)}"}`,
  '9'.repeat(size - 10),
];

interface WalkOptions {
  /** A movie and a person who are there, a person with many films, and what is not there. */
  knownId: number;
  busyId: number;
  busyName: string;
  unknownId: number;
  /** What is known from others alone, and must be fetched first. */
  unaskedId: number;
  /** Whether parameters are tried two by two. */
  pairs: boolean;
  /** Tokens of a user as most are, and of one who has seen very much. */
  readers: { usual: string; busy: string };
}

/** Every public route of the description, and the pages that it does not name. */
export function costRoutes({ paths }: Description, options: WalkOptions): CostRoute[] {
  const routes = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).flatMap(([method, operation]) => {
      const route = `${method.toUpperCase()} ${path}`;
      if (!isPublic(operation))
        return method === 'get' && isOfUser(path) ? [ownReadsOf(route, path, operation, options)] : [];
      if (method === 'get') return [readsOf(route, path, operation, options)];
      return operation.requestBody === undefined ? [] : [writesOf(route, path, operation)];
    }),
  );
  const facade = Object.entries(facadePaths).map(([path, names]) => {
    const parameters = names.map((name) =>
      Parameter.parse({ name, in: 'query', schema: parameterSchema(name) }),
    );
    return readsOf(`GET ${path}`, path, { parameters }, options);
  });
  const pages = ['/docs', '/docs/assets/swagger-ui-bundle.js', '/admin/sign-in', '/nothing', '/admin'];
  return [
    ...routes,
    ...facade,
    ...pages.map((path) => readsOf(`GET ${path}`, path, { parameters: [] }, options)),
  ];
}

const parameterSchema = (name: string) => (name === 'sort_by' ? { enum: facadeSorts } : { type: 'string' });

/** Nobody needs a token: none is asked for, or none is one of the ways. */
const isPublic = ({ security }: Operation) =>
  security === undefined || security.length === 0 || security.some((way) => Object.keys(way).length === 0);

/** Everybody can sign up: what users read of their own is as public. Event streams do not end. */
const isOfUser = (path: string) => path.startsWith('/api/user') && !path.includes('{');

/** Answers as long as what a user has stored, of which there is a most: nothing in the request makes them longer. */
const asLongAsStored = new Set(['/api/user/export', '/api/user/preferences', '/api/user/profile']);

/** The plain case is what most users see; all the others are what one sees who has seen very much. */
function ownReadsOf(route: string, path: string, operation: Operation, options: WalkOptions): CostRoute {
  const { plain, others } = readsOf(route, path, operation, options);
  const as = (token: string, { init, ...asked }: CostCase): CostCase => ({
    ...asked,
    init: { ...init, headers: { ...init?.headers, authorization: `Bearer ${token}` } },
  });
  const { usual, busy } = options.readers;
  return {
    plain: as(asLongAsStored.has(path) ? busy : usual, plain),
    others: [...others, { ...plain, what: 'much seen' }].map((asked) => as(busy, asked)),
  };
}

function readsOf(
  route: string,
  template: string,
  { parameters }: Operation,
  options: WalkOptions,
): CostRoute {
  const { knownId, busyId, busyName, unknownId, unaskedId, pairs } = options;
  const at = (id: number) => template.replaceAll(/\{[^}]+\}/g, String(id));
  const path = at(knownId);
  const inQuery = parameters.filter((parameter) => parameter.in === 'query');
  const sorts = inQuery.find(({ name }) => name === 'sort')?.schema.enum?.filter((it) => it !== 'relevance');
  const together =
    path === '/api/movies'
      ? togetherOf(sorts ?? [], pairs)
      : path === '/3/discover/movie'
        ? // A small catalogue says little of them, and they are many.
          pairs
          ? discovered(facadeSorts)
          : []
        : path.includes('search') || path === '/api/people'
          ? manyWords.map((query) => `query=${query}`)
          : [];
  const queries = [...queriesOf(inQuery, pairs), ...together, ...anyQuery];
  const others: CostCase[] = queries.map((query) => ({ route, what: `?${query}`, path: `${path}?${query}` }));
  for (const headers of anyHeaders)
    others.push({ route, what: `with ${Object.keys(headers).join()}`, path, init: { headers } });
  if (inQuery.some(({ name }) => name === 'query')) {
    const query = `query=${encodeURIComponent(busyName)}`;
    others.push({ route, what: 'query=a busy person', path: `${path}?${query}` });
  }
  if (path !== template)
    for (const query of ['', ...queriesOf(inQuery, false)])
      others.push({ route, what: `${busyId}?${query}`, path: `${at(busyId)}?${query}` });
  if (path !== template) {
    const endless = at(unknownId).replace(String(unknownId), '%2f'.repeat(4000));
    // All movies of the catalogue were fetched.
    const unasked = template.includes('movie') ? [] : [at(unaskedId)];
    for (const odd of [at(unknownId), ...unasked, at(0), endless])
      others.push({ route, what: odd, path: odd });
  }
  const plain = `${path}${plainQueries[path] ?? ''}`;
  return { plain: { route, what: 'plain', path: plain }, others };
}

function writesOf(route: string, path: string, { requestBody }: Operation): CostRoute {
  const init = (body: string): RequestInit => ({
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  const example = JSON.stringify(Object.values(requestBody?.content ?? {})[0]?.example);
  const sizes = [60 * 1024, 1000 * 1024, 5000 * 1024];
  const others = sizes.flatMap((size) =>
    bodies(size).map((body) => ({
      route,
      what: `${Math.round(body.length / 1024)} KiB of ${body.slice(0, 12)}`,
      path,
      init: init(body),
    })),
  );
  return { plain: { route, what: 'plain', path, init: init(example) }, others };
}
