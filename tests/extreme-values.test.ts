import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { codeOf } from '#shared/errors.ts';
import { appealOf } from '#shared/movies/appeal.ts';
import type { Database } from '#shared/orm/database.ts';
import { testDatabase } from '#tests/support/database.ts';
import { jobContext } from '#tests/support/job-context.ts';
import { openSandboxClient, type SandboxClient } from '#tests/support/sandbox-client.ts';
import { extremesOf, type Json, type Path, pathsOf } from '#tests/support/tmdb/extreme-values.ts';
import { wireCast, wireMovie, wireRow } from '#tests/support/tmdb/movie-fixture.ts';
import { syncDetails } from '#worker/details/sync-details.ts';
import { syncExport } from '#worker/export/sync-export.ts';
import { saveListedMovies } from '#worker/movies/save-listed-movies.ts';
import { saveMovies } from '#worker/movies/save-movies.ts';
import { saveRecord } from '#worker/records/save-record.ts';
import { readDocument } from '#worker/reference/read-document.ts';
import { writeTransaction } from '#worker/store/write-transaction.ts';
import { Losses } from '#worker/tmdb/wire/losses.ts';
import type { AnsweredMovie, ListedMovie } from '#worker/tmdb/wire/mirrored-movie.ts';
import {
  parseChangePage,
  parseDetails,
  parseExportedId,
  parseFound,
  parseGenres,
  parseMoviePage,
  parseNamedPage,
  parsePeoplePage,
  parseRegionalPage,
} from '#worker/tmdb/wire/parse-answer.ts';
import { parseRecord } from '#worker/tmdb/wire/parse-record.ts';
import { syncTrending } from '#worker/trending/sync-trending.ts';
import { emptyTables } from './support/empty-tables.ts';

const release = { certification: 'R', type: 3, release_date: '2019-01-01T00:00:00.000Z' };
const whole = (id: number) =>
  wireMovie({
    id,
    credits: {
      cast: [wireCast(1), wireCast(2)],
      crew: [{ ...wireCast(3), credit_id: 'w3', department: 'Directing', job: 'Director' }],
    },
    keywords: { keywords: [{ id: 5, name: 'sea' }] },
    recommendations: { results: [wireRow(900_001)] },
    similar: { results: [wireRow(900_002)] },
    release_dates: { results: [{ iso_3166_1: 'US', release_dates: [release] }] },
    videos: {
      results: [{ site: 'YouTube', key: 'abc', name: 'Clip', type: 'Trailer', official: true }],
    },
    external_ids: { imdb_id: 'tt9900001' },
  });

let database: Database;
let client: SandboxClient;
beforeAll(async () => {
  database = await testDatabase();
  client = await openSandboxClient(database.pool, 200);
});
afterAll(async () => {
  await client[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});
beforeEach(async () => {
  client.sandbox.clearChanges();
  await emptyTables(database.pool, 'movies', 'list_snapshots', 'genres', 'keywords', 'collections', 'people');
});

const now = new Date('2026-11-01T12:00:00Z');
const em = () => database.orm.em.fork();
const rows = async (text: string, ...values: unknown[]) => (await database.pool.query(text, values)).rows;
const field = (losses: Losses, name: string) => losses.list().find((loss) => loss.field === name);
const lossesOf = () => new Losses({ seen: 0, failed: 0 });

/** What sorts and sums over the columns finds nothing that it cannot compute with. */
async function expectComputable() {
  await rows(
    `select sum(popularity * popularity), sum(vote_count::bigint), avg(vote_average / 10), sum(${appealOf('')}) from movies`,
  );
}

/** Whether it is a part or a list, and not a row or a value of one. */
function isContainer(json: unknown, path: Path): boolean {
  const at = path.reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], json);
  return typeof at === 'object' && at !== null && Number.isNaN(Number(path.at(-1)));
}

/** Nothing but a refusal of the answer may come of it. */
async function attempt(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    expect(codeOf(error)).toBe('upstream_malformed');
  }
}

describe('an extreme value in any field', () => {
  test('of the details loses that value, or at most the movie', async () => {
    const movies: AnsweredMovie[] = [];
    const lost = new Set<string>();
    for (const { json, n, at } of extremesOf(whole)) {
      try {
        movies.push(parseDetails(json, n, lossesOf()));
      } catch (error) {
        expect([at, codeOf(error)]).toEqual([at, 'upstream_malformed']);
        lost.add(at);
      }
    }
    // Lists that are none, and the id and the title.
    const parts = ['genres', 'credits', 'credits.cast', 'credits.crew', 'keywords', 'keywords.keywords'];
    const related = ['recommendations', 'similar', 'release_dates', 'videos'];
    const lists = [...parts, ...related.flatMap((part) => [part, `${part}.results`]), 'external_ids'];
    expect([...lost].filter((at) => !['id', 'title', ...lists].includes(at))).toEqual([]);
    for (let from = 0; from < movies.length; from += 300)
      await saveMovies(em(), movies.slice(from, from + 300), { now });
    expect(await rows("select count(*)::int as n from movies where state = 'detailed'")).toEqual([
      { n: movies.length },
    ]);
    await expectComputable();
  }, 120_000);

  test('of a list loses that value, or at most the row', async () => {
    const saved: ListedMovie[] = [];
    for (const { json, at } of extremesOf((n) => ({
      page: 1,
      results: [wireRow(2 * n + 10), wireRow(2 * n + 11)],
      total_pages: 1,
    }))) {
      if (at === 'results') continue;
      const losses = lossesOf();
      const { results, totalPages } = parseMoviePage(json, 1, losses);
      expect(results.length).toBeGreaterThanOrEqual(1);
      expect(totalPages).toBeGreaterThanOrEqual(0);
      saved.push(...results);
    }
    await writeTransaction(em(), (on) => saveListedMovies(on, saved, { scope: 1, now }));
    await expectComputable();
  }, 120_000);

  test('of the genres, of what an id leads to, and of a line of the export loses no more', () => {
    const genres = {
      genres: [
        { id: 1, name: 'A' },
        { id: 2, name: 'B' },
      ],
    };
    for (const { json, at } of extremesOf(() => genres))
      if (at !== 'genres')
        for (const { name } of parseGenres(json)) expect(name.length).toBeLessThanOrEqual(200);
    for (const { json, at } of extremesOf(() => ({ movie_results: [wireRow(1), wireRow(2)] })))
      if (at !== 'movie_results') expect(parseFound(json).movies.length).toBeGreaterThanOrEqual(1);
    const line = { adult: false, id: 7, original_title: 'Film', popularity: 1.5, video: false };
    for (const { json, at } of extremesOf(() => line)) {
      const losses = lossesOf();
      const parsed = parseExportedId(json, losses);
      if (at !== 'id') expect(parsed?.tmdb_id).toBe(7);
      else if (parsed === undefined) expect(field(losses, 'id')?.times).toBe(1);
    }
  });

  test.each([
    [
      'person',
      (id: number) => ({
        ...{ id, name: 'Somebody', imdb_id: 'nm0000001', profile_path: '/p.jpg', biography: 'x', gender: 1 },
        ...{ popularity: 1, known_for_department: 'Acting', adult: false, birthday: '1960-01-01' },
        movie_credits: {
          cast: [{ ...wireRow(910_001), credit_id: `c${id}`, character: 'x', order: 0 }],
          crew: [{ ...wireRow(910_002), credit_id: `d${id}`, job: 'Director', department: 'Directing' }],
        },
        combined_credits: { cast: [{ id: 5, media_type: 'tv' }], crew: [] },
        images: { profiles: [{ file_path: '/p.jpg' }] },
        external_ids: { imdb_id: 'nm0000001' },
        translations: { translations: [{ iso_639_1: 'de', data: { biography: 'x' } }] },
      }),
    ],
    [
      'collection',
      (id: number) => ({
        ...{ id, name: 'A Collection', overview: 'x', poster_path: '/p.jpg', backdrop_path: null },
        parts: [wireRow(910_003), wireRow(910_004)],
        images: { posters: [{ file_path: '/p.jpg' }], backdrops: [] },
        translations: { translations: [{ iso_639_1: 'de', data: { title: 'x' } }] },
      }),
    ],
    [
      'company',
      (id: number) => ({
        ...{ id, name: 'A Company', headquarters: 'x', origin_country: 'US', logo_path: '/l.png' },
        images: { logos: [{ file_path: '/l.png' }] },
        alternative_names: { results: [{ name: 'x' }] },
      }),
    ],
  ] as const)(
    'of a %s loses that value, or at most the record',
    async (kind, make) => {
      const whole = make(1);
      // The id, and what is no list or object where one must be.
      const containers = new Set([
        'id',
        ...pathsOf(whole)
          .filter((path) => isContainer(whole, path))
          .map((path) => path.join('.')),
      ]);
      for (const { json, n, at } of extremesOf(make)) {
        if (containers.has(at) || at === 'name') {
          await attempt(() => saveRecord(em(), parseRecord(kind, json, n), now));
          continue;
        }
        // Each value once is enough of the database: what is saved is bounded by what is parsed.
        const record = parseRecord(kind, json, n);
        if (n % 5 === 0) await saveRecord(em(), record, now);
        expect(record.id).toBe(n);
      }
      await expectComputable();
    },
    120_000,
  );

  test('of a country’s list and its dates loses no more', () => {
    const page = {
      page: 1,
      results: [wireRow(21), wireRow(22)],
      total_pages: 1,
      dates: { maximum: '2026-11-01', minimum: '2026-10-01' },
    };
    for (const { json, at } of extremesOf(() => page))
      if (at !== 'results')
        expect(parseRegionalPage(json, 1, lossesOf()).results.length).toBeGreaterThanOrEqual(1);
    const losses = lossesOf();
    expect(parseRegionalPage({ ...page, dates: 'x' }, 1, losses).dates).toBeUndefined();
    expect(losses.list()).toEqual([{ field: 'dates', times: 1, tmdb_ids: [] }]);
  });

  test('of a page of people, of changes and of names loses no more', () => {
    const person = { id: 31, name: 'Somebody', popularity: 1, gender: 2, known_for: [] };
    for (const { json, at } of extremesOf(() => ({ page: 1, results: [person, { ...person, id: 32 }] })))
      if (at !== 'results')
        expect(parsePeoplePage(json, 1, lossesOf()).people.length).toBeGreaterThanOrEqual(1);
    for (const { json, at } of extremesOf(() => ({
      page: 1,
      results: [{ id: 1 }, { id: 2 }],
      total_pages: 1,
    })))
      if (at !== 'results') expect(parseChangePage(json, 1, lossesOf()).ids.length).toBeGreaterThanOrEqual(1);
    for (const { json, at } of extremesOf(() => ({
      results: [
        { id: 1, name: 'x' },
        { id: 2, name: 'y' },
      ],
    })))
      if (at !== 'results') expect(parseNamedPage(json, lossesOf()).named.length).toBeGreaterThanOrEqual(1);
  });

  test.each([
    ['configuration', { images: { base_url: 'http://x', poster_sizes: ['w92'] }, change_keys: [] }],
    ['configuration/countries', [{ iso_3166_1: 'DE', english_name: 'x' }, { iso_3166_1: 'US' }]],
    [
      'configuration/jobs',
      [
        { department: 'Art', jobs: ['x'] },
        { department: 'Sound', jobs: [] },
      ],
    ],
    ['configuration/languages', [{ iso_639_1: 'de', name: 'x' }, { iso_639_1: 'en' }]],
    ['configuration/primary_translations', ['de-DE', 'en-US']],
    [
      'configuration/timezones',
      [
        { iso_3166_1: 'DE', zones: ['x'] },
        { iso_3166_1: 'US', zones: [] },
      ],
    ],
    [
      'certification/movie/list',
      {
        certifications: {
          DE: [{ certification: '16', meaning: 'x', order: 1 }],
          US: [{ certification: 'R' }],
        },
      },
    ],
    [
      'watch/providers/movie',
      {
        results: [
          { provider_id: 8, provider_name: 'x' },
          { provider_id: 9, provider_name: 'y' },
        ],
      },
    ],
    ['watch/providers/regions', { results: [{ iso_3166_1: 'DE' }, { iso_3166_1: 'US' }] }],
  ] as const)('of the document %s loses no more than its entry', (name, whole) => {
    const containers = ['', 'images', 'certifications', 'results'];
    for (const { json, at } of extremesOf(() => whole as unknown as Json)) {
      if (containers.includes(at)) continue;
      const { size, lost } = readDocument(name, json);
      expect([at, size >= 1, size + lost]).toEqual([at, true, 2]);
    }
    expect(readDocument(name, whole)).toEqual({ document: whole, size: 2, lost: 0 });
  });

  test('is named by field and movie, in bounded space', () => {
    const losses = lossesOf();
    for (let id = 1; id <= 500; id++)
      parseDetails(wireMovie({ id, vote_count: -5, overview: '' }), id, losses);
    expect(losses.list()).toEqual([
      { field: 'vote_count', times: 500, tmdb_ids: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] },
    ]);
  });
});

test('lists without end are cut, and the rest of the movie is kept', async () => {
  const cast = Array.from({ length: 40_000 }, (_, i) => wireCast(i + 1, { order: i }));
  const keywords = Array.from({ length: 100_000 }, (_, i) => ({ id: i + 1, name: `k${i}` }));
  const losses = lossesOf();
  const movie = parseDetails(wireMovie({ credits: { cast }, keywords: { keywords } }), 7001, losses);
  expect([movie.credits.length, movie.keywords.length]).toEqual([5000, 2000]);
  expect(losses.list()).toEqual([
    { field: 'credits.cast', times: 35_000, tmdb_ids: [7001] },
    { field: 'keywords.keywords', times: 98_000, tmdb_ids: [7001] },
  ]);
  await saveMovies(em(), [movie], { now });
  expect(await rows('select count(*)::int as n from credits')).toEqual([{ n: 5000 }]);
}, 60_000);

test('lists take no rows that are not movies, and count none of them as lost', () => {
  const losses = lossesOf();
  const series = { id: 3, name: 'A series', original_name: 'A series' };
  const results = [
    wireRow(1, { media_type: 'movie' }),
    wireRow(2, { media_type: 'tv' }),
    wireRow(4, { media_type: 'person' }),
    series,
    wireRow(5, { video: true }),
    wireRow(6, { name: 'also a name' }),
    wireRow(7, { title: '', original_title: '' }),
  ];
  const page = parseMoviePage({ results }, 1, losses);
  expect(page.results.map((movie) => movie.tmdb_id)).toEqual([1, 5, 6]);
  expect(losses.list()).toEqual([{ field: 'results', times: 1, tmdb_ids: [7] }]);
  const related = parseDetails(wireMovie({ similar: { results } }), 7001);
  expect(related.similar.map((movie) => movie.tmdb_id)).toEqual([1, 5, 6]);
});

describe('a job', () => {
  const trendingIds = async () =>
    (
      await rows(
        "select m.tmdb_id from trending_entries t join movies m on m.id = t.movie_id where time_window = 'week' order by rank",
      )
    ).map((row) => row.tmdb_id);
  const refuse = (id: number) =>
    database.pool.query(`alter table movies add constraint refused check (tmdb_id <> ${id})`);
  const accept = () => database.pool.query('alter table movies drop constraint if exists refused');

  test('goes on with the other values of a row, and says what it left out', async () => {
    const { tmdb, sandbox } = client;
    const [first = 0, second = 0] = (
      await tmdb.trending('week', 1, { signal: new AbortController().signal })
    ).results.map((movie) => movie.tmdb_id);
    sandbox.override(first, { vote_count: -5 });
    sandbox.override(second, { title: 5 as never });
    const context = jobContext(database, { tmdb });
    await syncTrending({ trigger: 'schedule' }, context);
    expect((await trendingIds())[0]).toBe(first);
    expect(await rows('select vote_count from movies where tmdb_id = $1', first)).toEqual([
      { vote_count: null },
    ]);
    expect(field(context.losses, 'results.vote_count')?.tmdb_ids).toEqual([first]);
    expect(field(context.losses, 'results')?.tmdb_ids).toEqual([second]);
    expect(context.counts.failed).toBe(field(context.losses, 'results')?.times ?? -1);
    const { seen, created, updated, unchanged, failed } = context.counts;
    expect(created + updated + unchanged + failed).toBe(seen);

    const details = jobContext(database, { tmdb });
    await syncDetails({ trigger: 'schedule' }, details);
    expect(await rows('select state from movies where tmdb_id = $1', first)).toEqual([{ state: 'detailed' }]);
    expect(field(details.losses, 'vote_count')?.tmdb_ids).toEqual([first]);
  }, 60_000);

  test('loses only the row that the database refuses', async () => {
    const { tmdb } = client;
    const page = await tmdb.trending('week', 1, { signal: new AbortController().signal });
    const [, bad = 0] = page.results.map((movie) => movie.tmdb_id);
    await refuse(bad);
    try {
      const context = jobContext(database, { tmdb });
      await syncTrending({ trigger: 'schedule' }, context);
      expect(await trendingIds()).not.toContain(bad);
      expect((await trendingIds()).length).toBeGreaterThan(10);
      expect(field(context.losses, 'stored')?.tmdb_ids).toEqual([bad]);
      expect(context.counts.failed).toBeGreaterThan(0);

      const exporting = jobContext(database, {
        tmdb,
        mirror: { scope: 'full', popularPages: 1, spareCallsPerSecond: 0, languages: 'all', regions: ['US'] },
      });
      await syncExport({ trigger: 'schedule' }, exporting);
      expect(exporting.counts).toMatchObject({ seen: 200, failed: 1 });
      expect(field(exporting.losses, 'stored')?.tmdb_ids).toEqual([bad]);
    } finally {
      await accept();
    }
    await database.pool.query("insert into movies (tmdb_id, title, scope) values ($1, 'x', 1)", [bad]);
    await database.pool.query(
      `alter table movies add constraint refused check (state <> 'detailed' or tmdb_id <> ${bad})`,
    );
    try {
      const details = jobContext(database, { tmdb });
      await syncDetails({ trigger: 'schedule' }, details);
      expect(details.counts.failed).toBe(1);
      expect(field(details.losses, 'stored')?.tmdb_ids).toEqual([bad]);
    } finally {
      await accept();
    }
  }, 60_000);
});
