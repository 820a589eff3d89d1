import { afterAll, afterEach, beforeAll, describe, expect, test } from 'bun:test';
import { openApi } from '#api/main.ts';
import { Movie } from '#api/movies/model.ts';
import type { Sandbox } from '#sandbox/sandbox.ts';
import { readApiConfig } from '#shared/config.ts';
import { createLog } from '#shared/log.ts';
import { betweenSchedules } from './support/between-schedules.ts';
import { openService, type Service } from './support/service.ts';
import { until } from './support/until.ts';

let service: Service;

beforeAll(async () => {
  service = await openService({
    env: { ON_DEMAND_WAIT_MS: '10000', RATE_LIMIT: 'off' },
    sandbox: { movies: 2400 },
  });
  await betweenSchedules();
});
afterAll(() => service[Symbol.asyncDispose]());
afterEach(() => service.sandbox.misbehave([]));

const makeStale = () =>
  service.database.pool.query(
    "update movies set fetched_at = fetched_at - interval '8 days', refresh_due_at = null where state = 'detailed'",
  );

function* exportedIds({ catalogue }: Sandbox): Generator<number> {
  for (let position = 0; position < catalogue.size; position++) yield catalogue.idAt(position);
}

/** Ids that the sandbox has and the mirror does not hold in detail. */
async function missingIds(count: number): Promise<number[]> {
  const held = new Set(
    (
      await service.rows(
        "select tmdb_id from movies where state <> 'unknown' union select tmdb_id from movie_absences",
      )
    ).map((row) => row.tmdb_id),
  );
  const missing: number[] = [];
  for (const id of exportedIds(service.sandbox)) {
    if (missing.length >= count) break;
    if (!held.has(id)) missing.push(id);
  }
  expect(missing).toHaveLength(count);
  return missing;
}

const askedFor = (id: number) =>
  service.sandbox.requests().filter((request) => request.target.includes(`/movie/${id}?`)).length;
const body = async (response: Response) => (await response.json()) as Record<string, unknown>;

describe('after the first sync', () => {
  test('trending is served in the order and with the ranks that the upstream gave', async () => {
    const upstream = await fetch(`${service.sandbox.url}/trending/movie/week?page=1`, {
      headers: { authorization: 'Bearer a-key-of-the-tests' },
    });
    const { results } = (await upstream.json()) as { results: { id: number; adult: boolean }[] };
    const { data, meta } = await body(await service.get('/api/movies/trending?limit=20'));
    const expected = results
      .map(({ id, adult }, index) => ({ id, adult, rank: index + 1 }))
      .filter((row) => !row.adult);
    const served = (data as { tmdb_id: number; rank: number }[]).map(({ tmdb_id, rank }) => ({
      id: tmdb_id,
      rank,
    }));
    expect(served.slice(0, 15)).toEqual(expected.slice(0, 15).map(({ id, rank }) => ({ id, rank })));
    expect(meta).toMatchObject({ source: 'mirror', page: 1, limit: 20, stale: false, refresh: 'none' });
  });

  test('every trending movie is detailed, and answers at once without asking the upstream', async () => {
    const rows = await service.rows(
      "select m.tmdb_id, m.state from trending_entries t join movies m on m.id = t.movie_id where m.state <> 'detailed'",
    );
    expect(rows).toEqual([]);
    service.sandbox.resetStats();
    for (const id of [550, 603, 13]) expect((await service.get(`/api/movies/${id}`)).status).toBe(200);
    expect(service.sandbox.stats().requests).toBe(0);
  });

  test('a movie’s ready answer and its document say exactly what its rows say', async () => {
    const ids = await service.rows("select tmdb_id from movies where state = 'detailed' order by 1");
    const read = (url: string) =>
      Promise.all(
        ids.map(async ({ tmdb_id }) => (await body(await fetch(`${url}/api/movies/${tmdb_id}`))).data),
      );
    // Another api, since this one remembers what it read.
    const readAnew = async () => {
      const config = readApiConfig({ PORT: '0', RATE_LIMIT: 'off' });
      await using fresh = await openApi(config, {
        ...service,
        log: createLog({ level: 'silent', name: 'test' }),
      });
      return await read(fresh.url);
    };
    const fromAnswers = await read(service.url);
    for (const stored of ['movie_documents', 'movies where answer is not null'])
      expect(await service.rows(`select count(*)::int as n from ${stored}`)).toEqual([{ n: ids.length }]);
    await service.database.pool.query('update movies set answer = null');
    const fromDocuments = await readAnew();
    const documents = await service.rows('select movie_id, document, version from movie_documents');
    await service.database.pool.query('delete from movie_documents');
    const fromRows = await readAnew();
    for (const found of [fromAnswers, fromRows]) {
      expect(found).toEqual(fromDocuments);
      expect(found.map((movie) => Object.keys(movie as object))).toEqual(
        fromDocuments.map((movie) => Object.keys(movie as object)),
      );
    }
    for (const movie of fromDocuments) expect(Movie.safeParse(movie).error).toBeUndefined();
    await service.database.pool.query(
      'insert into movie_documents select * from json_to_recordset($1::json) as d(movie_id bigint, document text, version int)',
      [JSON.stringify(documents)],
    );
  });

  test('a run of details builds old documents again, with nothing new from the upstream', async () => {
    const documents = () => service.rows('select * from movie_documents order by movie_id');
    const before = await documents();
    await service.database.pool.query("update movie_documents set document = '{}', version = default");
    service.sandbox.resetStats();
    expect(await service.sync('details')).toMatchObject({ status: 'succeeded', seen: 0 });
    expect(service.sandbox.stats().requests).toBe(0);
    const parsed = (rows: Record<string, unknown>[]) =>
      rows.map(({ document, ...row }) => ({ ...row, document: JSON.parse(String(document)) }));
    expect(parsed(await documents())).toEqual(parsed(before));
  });

  test('a second run of every job changes nothing', async () => {
    const counts = () =>
      service.rows(`select (select count(*) from movies) movies, (select count(*) from credits) credits,
        (select count(*) from people) people, (select count(*) from movie_relations) relations`);
    const before = await counts();
    expect(await service.sync('genres')).toMatchObject({ status: 'succeeded', created: 0, updated: 0 });
    expect(await service.sync('trending')).toMatchObject({ status: 'succeeded', created: 0, updated: 0 });
    await makeStale();
    const [detailed] = await service.rows(
      "select count(*)::int as count from movies where state = 'detailed'",
    );
    expect(await service.sync('details')).toMatchObject({
      status: 'succeeded',
      seen: detailed?.count,
      unchanged: detailed?.count,
      created: 0,
      updated: 0,
      failed: 0,
      gone: 0,
    });
    expect(await counts()).toEqual(before);
  });
});

describe('a movie that the mirror lacks', () => {
  test('is asked for once by 200 concurrent readers, and all of them get it', async () => {
    const [id = 0] = await missingIds(1);
    service.sandbox.resetStats();
    const answers = await Promise.all(Array.from({ length: 200 }, () => service.get(`/api/movies/${id}`)));
    expect(answers.map((answer) => answer.status)).toEqual(Array(200).fill(200));
    expect(askedFor(id)).toBe(1);
    expect(await body(answers[0] as Response)).toMatchObject({ status: 'success', data: { tmdb_id: id } });
  });

  test('that TMDb does not have is asked for once by ten readers, then not at all', async () => {
    service.sandbox.resetStats();
    const id = 2_000_000_011;
    const ask = () => Promise.all(Array.from({ length: 10 }, () => service.get(`/api/movies/${id}`)));
    for (const answer of [...(await ask()), ...(await ask())]) {
      expect(answer.status).toBe(404);
      expect(await body(answer)).toMatchObject({ status: 'error', code: 'movie_not_found' });
    }
    expect(askedFor(id)).toBe(1);
  });

  test('whose id is invalid to TMDb, by an HTTP 500, is not found either', async () => {
    const [id = 0] = await missingIds(1);
    service.sandbox.misbehave([{ ids: [id], kind: 'id-invalid' }]);
    expect((await service.get(`/api/movies/${id}`)).status).toBe(404);
  });

  test('and whose answer is dressed as a success is not found', async () => {
    const [id = 0] = await missingIds(1);
    service.sandbox.misbehave([{ ids: [id], kind: 'entry-not-found-200' }]);
    expect((await service.get(`/api/movies/${id}`)).status).toBe(404);
    service.sandbox.misbehave([]);
  });

  test.each(['status-500', 'status-503', 'html', 'truncated', 'truncated-gzip', 'reset'] as const)(
    'comes in spite of one answer that is %s',
    async (kind) => {
      const [id = 0] = await missingIds(1);
      service.sandbox.misbehave([{ ids: [id], kind, times: 1 }]);
      const first = await service.get(`/api/movies/${id}`);
      // The first trouble is told to who waits; the job goes on, and the next reader has the movie.
      expect([200, 503]).toContain(first.status);
      if (first.status === 503) expect(first.headers.get('retry-after')).toMatch(/^\d+$/);
      await until(async () => (await service.get(`/api/movies/${id}`)).status === 200);
    },
  );

  test('comes through gzip without a header', async () => {
    const [id = 0] = await missingIds(1);
    service.sandbox.misbehave([{ ids: [id], kind: 'gzip-without-header' }]);
    expect((await service.get(`/api/movies/${id}`)).status).toBe(200);
  });

  test('is never invented from an answer of a wrong shape', async () => {
    const [id = 0] = await missingIds(1);
    service.sandbox.misbehave([{ ids: [id], kind: 'wrong-shape' }]);
    const answer = await service.get(`/api/movies/${id}`);
    expect([202, 503]).toContain(answer.status);
    expect(await service.rows("select 1 from movies where tmdb_id = $1 and state = 'detailed'", id)).toEqual(
      [],
    );
  });
});

describe('a sync that meets a bad upstream', () => {
  const trending = () =>
    service.rows('select time_window, rank, movie_id from trending_entries order by time_window, rank');

  test.each(['empty-list', 'short-list'] as const)(
    'keeps the lists when TMDb answers with an %s',
    async (kind) => {
      const before = await trending();
      service.sandbox.misbehave([{ match: '/trending/movie', kind }]);
      const run = await service.sync('trending');
      expect(run.status).toBe('failed');
      expect(run.error_code).toBe('list_too_short');
      expect(await trending()).toEqual(before);
    },
  );

  test('finishes without the few movies that fail, and takes them next time', async () => {
    await makeStale();
    const bad = (
      await service.rows("select tmdb_id from movies where state = 'detailed' order by 1 limit 3")
    ).map((row) => Number(row.tmdb_id));
    service.sandbox.misbehave([{ ids: bad, kind: 'wrong-shape' }]);
    expect(await service.sync('details')).toMatchObject({ status: 'succeeded', failed: 3 });
    service.sandbox.misbehave([]);
    expect(await service.sync('details')).toMatchObject({ status: 'succeeded', failed: 0, unchanged: 3 });
  });

  test('slows down after a 429 and misses nothing', async () => {
    await makeStale();
    service.sandbox.misbehave([{ match: '/movie/', kind: 'rate-limited', times: 3 }]);
    expect(await service.sync('details')).toMatchObject({ status: 'succeeded', failed: 0 });
  });

  test('marks no more than 5 % gone when whole shelves vanish, and says so', async () => {
    await service.database.pool.query(
      "insert into movie_absences select tmdb_id, now() - interval '2 days', now() - interval '2 days' from movies where state = 'detailed'",
    );
    await makeStale();
    service.sandbox.misbehave([{ match: 'GET /movie/{id}', kind: 'vanish' }]);
    const run = await service.sync('details');
    expect(run).toMatchObject({ status: 'failed', error_code: 'too_many_gone' });
    service.sandbox.misbehave([]);
    const [{ gone, all }] = (await service.rows(
      "select count(*) filter (where state = 'gone')::int as gone, count(*)::int as all from movies where state <> 'unknown'",
    )) as [{ gone: number; all: number }];
    expect(gone).toBeLessThanOrEqual(all * 0.05);
    await service.sync('details');
  });
});

describe('a deleted movie', () => {
  test('answers 410 after the second 404 a day later, and 200 again when TMDb restores it', async () => {
    // One that the tests before left.
    const [row] = await service.rows(
      "select tmdb_id from movies where state = 'detailed' order by popularity desc nulls last, tmdb_id limit 1",
    );
    const id = Number(row?.tmdb_id);
    expect((await service.get(`/api/movies/${id}`)).status).toBe(200);
    await service.database.pool.query('delete from movie_absences');
    service.sandbox.setGone([id]);
    await service.database.pool.query(
      "update movies set fetched_at = now() - interval '8 days', refresh_due_at = null, gone_at = null where tmdb_id = $1",
      [id],
    );
    await service.database.pool.query(
      "update movies set gone_at = now() - interval '3 days' where state = 'gone'",
    );
    await service.sync('details');
    expect((await service.get(`/api/movies/${id}`)).status).toBe(200);
    await service.database.pool.query(
      "update movie_absences set first_seen_at = first_seen_at - interval '25 hours', last_seen_at = last_seen_at - interval '25 hours' where tmdb_id = $1",
      [id],
    );
    expect(await service.sync('details')).toMatchObject({ status: 'succeeded' });
    const gone = await service.get(`/api/movies/${id}`);
    expect(gone.status).toBe(410);
    expect(await body(gone)).toMatchObject({ status: 'error', code: 'movie_gone' });
  });
});
