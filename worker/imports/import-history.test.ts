import { afterAll, afterEach, beforeEach, describe, expect, test } from 'bun:test';
import type { WireMovie } from '#sandbox/wire.ts';
import { codeOf, NexusError } from '#shared/errors.ts';
import { storeReason } from '#shared/users/import-reason.ts';
import { testDatabase } from '#tests/support/database.ts';
import { emptyTables } from '#tests/support/empty-tables.ts';
import {
  type GivenRow,
  importRow,
  interactionsOf,
  putImport,
  putInMirror,
  settledRows,
} from '#tests/support/import-history-fixture.ts';
import { jobContext } from '#tests/support/job-context.ts';
import { putUser } from '#tests/support/put-user.ts';
import { openSandboxClient } from '#tests/support/sandbox-client.ts';
import { until } from '#tests/support/until.ts';
import { type JobContext, PutOff } from '#worker/runner/handler.ts';
import { importHistory } from './import-history.ts';
import { takeTurn } from './import-turn.ts';

const database = await testDatabase();
const { pool } = database;
const upstream = await openSandboxClient(pool, 300);
const { sandbox, status, tmdb } = upstream;
afterAll(async () => {
  await upstream[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

let userId = '';
beforeEach(async () => {
  userId = await putUser(pool);
});
afterEach(async () => {
  sandbox.misbehave([]);
  sandbox.clearChanges();
  sandbox.resetStats();
  await emptyTables(pool, 'movies', 'users', 'genres');
  await until(() => status.circuit === 'closed');
});

/** Of a part of TMDb's movies the mirror cannot say that there are no others of a title. */
const partial = {
  scope: 'trending',
  popularPages: 5,
  spareCallsPerSecond: 0,
  languages: 'all',
  regions: ['US'],
} as const;
let mirror: JobContext['mirror'] = partial;
const run = (importId: string, changes: Partial<JobContext> = {}) =>
  importHistory({ importId }, jobContext(database, { tmdb, mirror, ...changes }));
const imported = async (
  rows: readonly GivenRow[],
  list: 'watched' | 'watchlist' | 'ratings' | 'likes' = 'watched',
) => {
  const importId = await putImport(pool, userId, list, rows);
  await run(importId);
  return { importId, rows: await settledRows(pool, importId) };
};
const oneOf = async (row: GivenRow) => (await imported([row])).rows[0];
const asked = () => sandbox.requests().map(({ target }) => target.replace(/\?.*/, ''));

/** A movie that TMDb has and the mirror has not. */
function putAtTmdb(id: number, patch: Partial<WireMovie>): void {
  const [of] = [sandbox.catalogue.details(sandbox.catalogue.idAt(5), [])];
  if (of === undefined) throw new Error('the sandbox is empty');
  sandbox.addMovie({
    ...of,
    imdb_id: null,
    ...patch,
    original_title: patch.original_title ?? patch.title ?? '',
    id,
  });
}

describe('in a mirror of all movies, without asking TMDb', () => {
  beforeEach(async () => {
    mirror = { ...partial, scope: 'full' };
    await pool.query("insert into list_snapshots (name, size, fetched_at) values ('export', 6, now())");
    await putInMirror(pool, 1, {
      title: 'Le Fabuleux Destin',
      original_title: 'Amélie',
      release_date: '2001-04-25',
      imdb_id: 'tt0000001',
    });
    await putInMirror(pool, 2, { title: 'Twin', release_date: '1990-01-01', imdb_id: 'tt0000002' });
    await putInMirror(pool, 3, { title: 'Twin', release_date: '1990-06-01', imdb_id: 'tt0000002' });
    await putInMirror(pool, 4, {
      title: 'Gone Title',
      release_date: '1995-01-01',
      imdb_id: 'tt0000004',
      state: 'gone',
    });
    await putInMirror(pool, 5, { title: 'A Title', release_date: '1970-01-01' });
    await putInMirror(pool, 6, { title: 'A Title', release_date: '1971-01-01' });
  });
  afterEach(async () => {
    mirror = partial;
    await pool.query('truncate list_snapshots');
    expect(asked()).toEqual([]);
  });

  test.each([
    ['its TMDb id', { given_tmdb_id: 1, title: 'Whatever' }, [1, 'tmdb_id']],
    ['the id of one that TMDb has deleted', { given_tmdb_id: 4 }, [4, 'tmdb_id']],
    ['its IMDb id', { given_imdb_id: 'tt0000001', title: 'Whatever' }, [1, 'imdb_id']],
    ['its title and year', { title: 'le fabuleux  DESTIN', year: 2001 }, [1, 'title']],
    ['its original title and year', { title: 'Amelie!', year: 2001 }, [1, 'title']],
    ['the row’s original title', { title: 'Something', original_title: 'Amélie', year: 2001 }, [1, 'title']],
    ['the year, where the one before has the same title', { title: 'A Title', year: 1971 }, [6, 'title']],
  ])('a row is matched by %s', async (_, row, [tmdbId, by]) => {
    expect(await oneOf(row)).toMatchObject({
      status: 'matched',
      tmdb_id: tmdbId,
      matched_by: by,
      candidates: null,
    });
  });

  test.each([
    ['an IMDb id that two share', { given_imdb_id: 'tt0000002' }],
    ['a title and year that two share', { title: 'Twin', year: 1990 }],
  ])('a row is ambiguous by %s, and neither is chosen', async (_, row) => {
    const { rows } = await imported([row]);
    expect(rows[0]).toMatchObject({ status: 'ambiguous', tmdb_id: null, candidates: [2, 3] });
    expect(rows[0].reason).toBeString();
    expect(await interactionsOf(pool, userId)).toEqual([]);
  });
});

describe('at TMDb', () => {
  test('an IMDb id is looked up, and the movie is kept as listed, to be filled', async () => {
    putAtTmdb(9001, { title: 'Nowhere Mirrored', imdb_id: 'tt9000001', release_date: '1999-01-01' });
    expect(await oneOf({ given_imdb_id: 'tt9000001' })).toMatchObject({
      tmdb_id: 9001,
      matched_by: 'imdb_id',
    });
    const { rows } = await pool.query('select state, scope, title from movies where tmdb_id = 9001');
    expect(rows).toEqual([{ state: 'listed', scope: 1, title: 'Nowhere Mirrored' }]);
    expect(await interactionsOf(pool, userId)).toEqual(['watched 9001 2026-01-01']);
  });

  test('a TMDb id is fetched, and one that TMDb has not is not found', async () => {
    putAtTmdb(9002, { title: 'By Its Id' });
    const { rows } = await imported([
      { given_tmdb_id: 9002 },
      { given_tmdb_id: 9_999_999, title: 'No Such Thing', year: 1999 },
    ]);
    expect(rows).toMatchObject([
      { status: 'matched', tmdb_id: 9002, matched_by: 'tmdb_id' },
      { status: 'not_found', reason: expect.stringContaining('id') },
    ]);
    expect((await pool.query('select state from movies where tmdb_id = 9002')).rows).toEqual([
      { state: 'detailed' },
    ]);
  });

  test('a placeholder that nobody has asked about proves nothing', async () => {
    await putInMirror(pool, 9_999_998, { title: '', state: 'unknown' });
    expect(await oneOf({ given_tmdb_id: 9_999_998 })).toMatchObject({ status: 'not_found' });
  });

  test('a title is searched: the one of its year, or the only one that is a year off', async () => {
    putAtTmdb(9003, { title: 'Zweimal Gleich', release_date: '1980-01-01' });
    putAtTmdb(9004, { title: 'Zweimal gleich', release_date: '1981-01-01' });
    putAtTmdb(9005, { title: 'Übers Jahr', release_date: '1980-12-31' });
    putAtTmdb(9006, { title: 'Vergleich: Zweimal Gleich und mehr', release_date: '1980-01-01' });
    const { rows } = await imported([
      { title: 'Zweimal Gleich', year: 1981 },
      { title: 'Ubers Jahr', year: 1981 },
      { title: 'Übers Jahr', year: 1979 },
      { title: 'Übers Jahr', year: 1982 },
    ]);
    expect(rows).toMatchObject([
      { status: 'matched', tmdb_id: 9004, matched_by: 'search' },
      { status: 'matched', tmdb_id: 9005, matched_by: 'search' },
      { status: 'matched', tmdb_id: 9005, matched_by: 'search' },
      { status: 'not_found', tmdb_id: null, candidates: [9005] },
    ]);
  });

  test('two of one title and year are told, up to ten, and none is chosen', async () => {
    for (let id = 9100; id < 9112; id++)
      putAtTmdb(id, { title: 'Zwölf Gleiche', release_date: '1980-01-01' });
    const [row] = (await imported([{ title: 'Zwölf Gleiche', year: 1980 }])).rows;
    expect(row).toMatchObject({ status: 'ambiguous', tmdb_id: null });
    expect(row.candidates).toHaveLength(10);
  });

  test('two that are a year off on either side are ambiguous', async () => {
    putAtTmdb(9003, { title: 'Davor und Danach', release_date: '1980-01-01' });
    await putInMirror(pool, 9004, { title: 'Davor und danach', release_date: '1982-01-01' });
    const [row] = (await imported([{ title: 'Davor und Danach', year: 1981 }])).rows;
    expect(row).toMatchObject({ status: 'ambiguous', candidates: [9003, 9004] });
  });

  test('what the mirror has a year off is taken only when TMDb has no better', async () => {
    await putInMirror(pool, 9007, { title: 'Knapp Daneben', release_date: '1980-12-31' });
    await putInMirror(pool, 9008, { title: 'Nur Hier', release_date: '1980-12-31' });
    putAtTmdb(9009, { title: 'Knapp Daneben', release_date: '1981-06-01' });
    const { rows } = await imported([
      { title: 'Knapp Daneben', year: 1981 },
      { title: 'Nur Hier', year: 1981 },
    ]);
    expect(rows).toMatchObject([
      { tmdb_id: 9009, matched_by: 'search' },
      { tmdb_id: 9008, matched_by: 'title' },
    ]);
  });

  test('without a year a title is matched only where it is the only one', async () => {
    putAtTmdb(9010, { title: 'Einzig', release_date: '1980-01-01' });
    putAtTmdb(9011, { title: 'Doppelt', release_date: '1980-01-01' });
    putAtTmdb(9012, { title: 'Doppelt', release_date: '2010-01-01' });
    const { rows } = await imported([{ title: 'Einzig' }, { title: 'Doppelt' }]);
    expect(rows).toMatchObject([{ status: 'matched', tmdb_id: 9010 }, { status: 'ambiguous' }]);
  });

  test('a row whose IMDb id TMDb does not know is not matched by its title, which may be another’s', async () => {
    putAtTmdb(9013, { title: 'Namensvetter', release_date: '1980-01-01', imdb_id: 'tt9000013' });
    expect(await oneOf({ given_imdb_id: 'tt9999999', title: 'Namensvetter', year: 1980 })).toMatchObject({
      status: 'not_found',
      candidates: [9013],
    });
  });

  test('rows that say the same are asked about once, and rows TMDb never heard of are not found', async () => {
    putAtTmdb(9014, { title: 'Wieder Gesehen', release_date: '1980-01-01' });
    const again = Array.from({ length: 30 }, () => ({ title: 'Wieder gesehen', year: 1980 }));
    const { rows } = await imported([...again, { title: 'Nie Gehört', year: 1980 }]);
    expect(rows.filter((row) => row.tmdb_id === 9014)).toHaveLength(30);
    expect(rows.at(-1)).toMatchObject({ status: 'not_found', candidates: null });
    expect(asked()).toEqual(['/search/movie', '/search/movie']);
    expect(await interactionsOf(pool, userId)).toEqual(['watched 9014 2026-01-01']);
  });
});

describe('when TMDb', () => {
  const rows: GivenRow[] = [
    { title: 'In the Mirror', year: 1980, given_tmdb_id: 1 },
    { title: 'Only at TMDb', year: 1980 },
    { given_imdb_id: 'tt9000020' },
  ];
  beforeEach(async () => {
    await putInMirror(pool, 1, { title: 'In the Mirror', release_date: '1980-01-01' });
    putAtTmdb(9019, { title: 'Only at TMDb', release_date: '1980-01-01' });
    putAtTmdb(9020, { title: 'By IMDb', release_date: '1980-01-01', imdb_id: 'tt9000020' });
  });

  test('is down, what the mirror knows is settled, the rest waits, and goes on afterwards', async () => {
    const importId = await putImport(pool, userId, 'watched', rows);
    sandbox.misbehave([{ kind: 'status-503' }]);
    const error = await run(importId).catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'upstream_unavailable', retryAfterMs: expect.any(Number) });
    expect(await importRow(pool, importId)).toMatchObject({
      status: 'running',
      matched: 1,
      added: 1,
      error: null,
    });
    expect((await settledRows(pool, importId)).map((row) => row.status)).toEqual([
      'matched',
      'pending',
      'pending',
    ]);
    sandbox.misbehave([]);
    await until(() => status.circuit === 'closed');
    await run(importId);
    expect(await importRow(pool, importId)).toMatchObject({
      status: 'succeeded',
      matched: 3,
      added: 3,
      unchanged: 0,
    });
  });

  test.each([
    ['wrong-shape', 0],
    ['entry-not-found-200', 0],
    ['status-500', 2],
  ] as const)(
    'answers one call wrongly (%s), that row is not found, after trying %i times more, and the others stand',
    async (kind, failures) => {
      sandbox.misbehave([{ kind, match: '/find/{imdb_id}' }]);
      const importId = await putImport(pool, userId, 'watched', rows);
      for (let tries = 0; tries < failures; tries++)
        expect(await run(importId).catch(codeOf)).toBe('upstream_unavailable');
      await run(importId);
      expect((await settledRows(pool, importId)).map((row) => [row.status, row.tmdb_id])).toEqual([
        ['matched', 1],
        ['matched', 9019],
        ['not_found', null],
      ]);
    },
  );

  test('says that it is television, the row says so', async () => {
    const found = { movies: [], people: [], television: true };
    const client = { ...tmdb, findByImdbId: async () => found };
    const importId = await putImport(pool, userId, 'watched', [{ given_imdb_id: 'tt1234567' }]);
    await run(importId, { tmdb: client });
    expect(await settledRows(pool, importId)).toMatchObject([
      { status: 'not_found', reason: expect.stringContaining('television') },
    ]);
  });
});

describe('what rows mean', () => {
  beforeEach(async () => {
    for (const id of [1, 2, 3]) await putInMirror(pool, id, { title: `Movie ${id}` });
  });
  const at = (date: string) => `2025-${date}T00:00:00Z`;
  const rated = (given_tmdb_id: number, rating: number | undefined, date: string): GivenRow => ({
    given_tmdb_id,
    ...(rating === undefined ? {} : { rating }),
    at: at(date),
  });
  const put = (type: string, tmdbId: number, when: string) =>
    pool.query('insert into user_movie_interactions select $1, id, $2, $3 from movies where tmdb_id = $4', [
      userId,
      type,
      when,
      tmdbId,
    ]);

  test('watched and ratings: watched on that day, liked from four stars, disliked up to one and a half', async () => {
    const { importId } = await imported(
      [rated(1, 8, '01-01'), rated(2, 7, '01-02'), rated(3, 3, '01-03')],
      'ratings',
    );
    expect(await interactionsOf(pool, userId)).toEqual([
      'disliked 3 2025-01-03',
      'liked 1 2025-01-01',
      'watched 1 2025-01-01',
      'watched 2 2025-01-02',
      'watched 3 2025-01-03',
    ]);
    expect(await importRow(pool, importId)).toMatchObject({ matched: 3, added: 5, unchanged: 0 });
  });

  test('likes: liked, and nothing else', async () => {
    await imported([rated(1, 2, '01-01')], 'likes');
    expect(await interactionsOf(pool, userId)).toEqual(['liked 1 2025-01-01']);
  });

  test('watchlist: bookmarked, whatever the rating', async () => {
    await imported([rated(1, 10, '01-01'), { given_tmdb_id: 2 }], 'watchlist');
    expect(await interactionsOf(pool, userId)).toEqual([
      'bookmarked 1 2025-01-01',
      'bookmarked 2 2026-01-01',
    ]);
  });

  test('a second import of the same changes nothing, and what was there keeps its time', async () => {
    await put('watched', 1, at('06-01'));
    const rows = [rated(1, 10, '01-01')];
    const first = await imported(rows, 'ratings');
    expect(await importRow(pool, first.importId)).toMatchObject({ added: 1, unchanged: 1 });
    const second = await imported(rows, 'ratings');
    expect(await importRow(pool, second.importId)).toMatchObject({ added: 0, unchanged: 2 });
    expect(await interactionsOf(pool, userId)).toEqual(['liked 1 2025-01-01', 'watched 1 2025-06-01']);
  });

  test.each([
    ['an older opinion gives way to a later one', 'disliked', '01-01', 9, '02-01', 'liked 1 2025-02-01'],
    ['a later opinion stands against an older one', 'disliked', '03-01', 9, '02-01', 'disliked 1 2025-03-01'],
    ['the same opinion keeps its time', 'liked', '01-01', 9, '02-01', 'liked 1 2025-01-01'],
  ])('%s', async (_, type, before, rating, date, expected) => {
    await put(type, 1, at(before));
    await imported([rated(1, rating, date)], 'ratings');
    expect((await interactionsOf(pool, userId)).filter((it) => !it.startsWith('watched'))).toEqual([
      expected,
    ]);
  });

  test('within a file the latest opinion stands, in whatever order the rows are', async () => {
    await imported(
      [rated(1, 9, '03-01'), rated(1, 2, '02-01'), rated(2, 2, '02-01'), rated(2, 9, '01-01')],
      'ratings',
    );
    expect(await interactionsOf(pool, userId)).toEqual([
      'disliked 2 2025-02-01',
      'liked 1 2025-03-01',
      'watched 1 2025-02-01',
      'watched 2 2025-01-01',
    ]);
  });
});

describe('an interrupted import', () => {
  const count = 130;
  const rows = Array.from({ length: count }, (_, i) => ({
    title: `Reihe Nummer ${i % 100}`,
    year: 1980,
    rating: (i % 10) + 1,
    at: new Date(Date.UTC(2025, 0, 1 + ((i * 37) % 300))).toISOString(),
  }));
  beforeEach(() => {
    for (let i = 0; i < 100; i++)
      putAtTmdb(9200 + i, { title: `Reihe Nummer ${i}`, release_date: '1980-01-01' });
  });

  /** Lets it write so often, and no more. */
  async function interruptAfter(importId: string, writes: number): Promise<void> {
    const stopping = new AbortController();
    let left = writes;
    const now = () => {
      if (--left <= 0) stopping.abort(new NexusError('shutting_down', 'The process is ending.'));
      return new Date();
    };
    expect(await run(importId, { now, signal: stopping.signal }).catch(codeOf)).toBe('shutting_down');
  }

  test('goes on where it was, and ends as if nothing had happened', async () => {
    const importId = await putImport(pool, userId, 'ratings', rows);
    for (const writes of [1, 2]) await interruptAfter(importId, writes);
    const { status, matched } = await importRow(pool, importId);
    expect({ status, matched }).toEqual({ status: 'running', matched: expect.any(Number) });
    expect(matched).toBeWithin(40, count);
    await run(importId);
    await run(importId);
    const interrupted = userId;
    userId = await putUser(pool);
    const whole = await imported(rows, 'ratings');
    const expected = await importRow(pool, whole.importId);
    expect(expected).toMatchObject({ status: 'succeeded', matched: count });
    expect(await importRow(pool, importId)).toEqual(expected);
    expect(await interactionsOf(pool, interrupted)).toEqual(await interactionsOf(pool, userId));
  });

  test('run by two at once counts each row once', async () => {
    const importId = await putImport(pool, userId, 'ratings', rows);
    await Promise.all([run(importId), run(importId)]);
    const { status, matched, added, unchanged } = await importRow(pool, importId);
    expect({ status, matched }).toEqual({ status: 'succeeded', matched: count });
    const { rows: opinions } = await pool.query(
      'select count(*)::int as n from user_import_rows where import_id = $1 and (rating >= 8 or rating <= 3)',
      [importId],
    );
    expect(added + unchanged).toBe(count + opinions[0].n);
    expect((await interactionsOf(pool, userId)).filter((it) => it.startsWith('watched'))).toHaveLength(100);
  });

  test('two users at once have each their own', async () => {
    const other = await putUser(pool);
    const ids = [
      await putImport(pool, userId, 'ratings', rows),
      await putImport(pool, other, 'ratings', rows.slice(0, 50)),
    ];
    await Promise.all(ids.map((id) => run(id)));
    expect((await interactionsOf(pool, userId)).filter((it) => it.startsWith('watched'))).toHaveLength(100);
    expect((await interactionsOf(pool, other)).filter((it) => it.startsWith('watched'))).toHaveLength(50);
  });

  test('whose user is deleted meanwhile ends quietly, and leaves nothing', async () => {
    const importId = await putImport(pool, userId, 'ratings', rows);
    let asks = 0;
    const client = {
      ...tmdb,
      searchMovies: async (...search: Parameters<typeof tmdb.searchMovies>) => {
        if (++asks === 60) await pool.query('delete from users where id = $1', [userId]);
        return tmdb.searchMovies(...search);
      },
    };
    await run(importId, { tmdb: client });
    expect(asks).toBeGreaterThanOrEqual(60);
    expect(asks).toBeLessThan(100);
    for (const table of ['user_imports', 'user_import_rows', 'user_movie_interactions'])
      expect((await pool.query(`select 1 from ${table}`)).rows).toEqual([]);
  });

  test('that fails again and again for no foreseen reason ends as failed, with a sentence', async () => {
    const importId = await putImport(pool, userId, 'ratings', rows);
    const client = { ...tmdb, searchMovies: () => Promise.reject(new Error('a bug')) };
    for (let tries = 0; tries < 2; tries++) {
      await expect(run(importId, { tmdb: client })).rejects.toThrow('a bug');
      expect(await importRow(pool, importId)).toMatchObject({ status: 'running', error: null });
    }
    await expect(run(importId, { tmdb: client })).rejects.toThrow('a bug');
    const failed = await importRow(pool, importId);
    expect(failed).toMatchObject({
      status: 'failed',
      error: storeReason({ code: 'service_failed' }),
    });
    await run(importId);
    expect(await importRow(pool, importId)).toEqual(failed);
  });
});

describe('a row of an unknown day', () => {
  beforeEach(async () => {
    for (const id of [1, 2]) await putInMirror(pool, id, { title: `Movie ${id}` });
  });
  const rated = (rating: number, day?: string): GivenRow => ({
    given_tmdb_id: 1,
    rating,
    ...(day === undefined ? {} : { at: `${day}T10:00:00Z` }),
  });
  const opinions = async () =>
    (await interactionsOf(pool, userId))
      .filter((it) => !it.startsWith('watched'))
      .map((it) => it.split(' ')[0]);
  const ratings = async () =>
    (await pool.query('select rating::float8 from user_movie_ratings where user_id = $1', [userId])).rows.map(
      ({ rating }) => rating,
    );

  test('never beats an opinion that has one, in its own file or in another, before or after', async () => {
    await imported([rated(2), rated(10, '2019-07-25')], 'ratings');
    expect([await opinions(), await ratings()]).toEqual([['liked'], [5]]);
    await imported([rated(2)], 'ratings');
    expect([await opinions(), await ratings()]).toEqual([['liked'], [5]]);
    userId = await putUser(pool);
    await imported([rated(10)], 'ratings');
    await imported([rated(2, '2019-07-25')], 'ratings');
    expect([await opinions(), await ratings()]).toEqual([['disliked'], [1]]);
  });

  test('gets its day when another file names it, which changes nothing else', async () => {
    await imported([rated(10)], 'ratings');
    const { importId } = await imported([rated(10, '2019-07-25')], 'ratings');
    expect(await interactionsOf(pool, userId)).toEqual(['liked 1 2019-07-25', 'watched 1 2019-07-25']);
    expect(await importRow(pool, importId)).toMatchObject({ added: 0, unchanged: 2 });
  });

  test('of two without a day the later file stands', async () => {
    await imported([rated(10)], 'ratings');
    await imported([rated(2)], 'ratings');
    expect([await opinions(), await ratings()]).toEqual([['disliked'], [1]]);
  });
});

describe('ratings', () => {
  beforeEach(async () => {
    for (const id of [1, 2, 3, 4]) await putInMirror(pool, id, { title: `Movie ${id}` });
  });
  const kept = async () =>
    (
      await pool.query(
        `select m.tmdb_id || ' ' || r.rating::float8 || ' ' || to_char(r.rated_at at time zone 'UTC', 'YYYY-MM-DD') as it
         from user_movie_ratings r join movies m on m.id = r.movie_id where r.user_id = $1 order by 1`,
        [userId],
      )
    ).rows.map(({ it }) => it);
  const row = (given_tmdb_id: number, rating: number): GivenRow => ({
    given_tmdb_id,
    rating,
    at: '2024-05-06T10:00:00Z',
  });

  test('are kept as they are, and are opinions before any rounding', async () => {
    await imported([row(1, 7.5), row(2, 3.4), row(3, 7.99), row(4, 3.02)], 'ratings');
    expect(await kept()).toEqual([
      '1 3.75 2024-05-06',
      '2 1.7 2024-05-06',
      '3 4 2024-05-06',
      '4 1.51 2024-05-06',
    ]);
    expect((await interactionsOf(pool, userId)).filter((it) => !it.startsWith('watched'))).toEqual([]);
  });

  test.each(['watchlist', 'likes', 'watched', 'ratings'] as const)('are kept from %s', async (list) => {
    await imported([{ ...row(1, 9), rated_at: '2024-05-07T10:00:00Z' }], list);
    expect(await kept()).toEqual(['1 4.5 2024-05-07']);
  });

  test('of one movie the latest stands, in whatever order', async () => {
    const later = { ...row(1, 4), at: '2025-01-01T10:00:00Z' };
    await imported([later, row(1, 9)], 'ratings');
    await imported([row(1, 10)], 'ratings');
    expect(await kept()).toEqual(['1 2 2025-01-01']);
  });
});

describe('a share of TMDb', () => {
  const rows = Array.from({ length: 90 }, (_, i) => ({ title: `Anteil Nummer ${i}`, year: 1980 }));

  test('is counted by the day, and what is beyond it waits with a sentence, without failing', async () => {
    const importId = await putImport(pool, userId, 'watched', rows);
    await pool.query("insert into user_import_budgets values ($1, (now() at time zone 'UTC')::date, 9990)", [
      userId,
    ]);
    await expect(run(importId)).rejects.toBeInstanceOf(PutOff);
    const waiting = await importRow(pool, importId);
    expect(waiting).toMatchObject({
      status: 'running',
      not_found: 40,
      error: storeReason({ code: 'budget_spent' }),
    });
    await expect(run(importId)).rejects.toBeInstanceOf(PutOff);
    expect(await importRow(pool, importId)).toEqual(waiting);
    await pool.query('update user_import_budgets set day = day - 1 where user_id = $1', [userId]);
    await run(importId);
    expect(await importRow(pool, importId)).toMatchObject({
      status: 'succeeded',
      not_found: 90,
      error: null,
    });
    const { rows: counted } = await pool.query(
      'select asked from user_import_budgets where user_id = $1 order by day',
      [userId],
    );
    expect(counted).toEqual([{ asked: 10_030 }, { asked: 50 }]);
  });

  test('ends after some seconds where another import waits, and not before', async () => {
    const slow = { turnMs: 0, askedADay: 1000 };
    const importId = await putImport(pool, userId, 'watched', rows);
    const context = jobContext(database, { tmdb });
    await takeTurn(importId, context, slow).begin();
    const other = await putImport(pool, await putUser(pool), 'watched', rows);
    await expect(takeTurn(importId, context, slow).begin()).rejects.toBeInstanceOf(PutOff);
    await takeTurn(importId, context).begin();
    await pool.query("update user_imports set status = 'succeeded' where id = $1", [other]);
    await takeTurn(importId, context, slow).begin();
  });
});
