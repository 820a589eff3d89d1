import { afterAll, afterEach, beforeAll, describe, expect, test } from 'bun:test';
import type { Sandbox } from '#sandbox/sandbox.ts';
import { startSandbox } from '#sandbox/server.ts';
import { createLog } from '#shared/log.ts';
import type { Database } from '#shared/orm/database.ts';
import { openQueues } from '#shared/queues/queue.ts';
import { openAccount, type TestAccount } from '#tests/support/api/account-fixture.ts';
import { testSecret } from '#tests/support/api/api-fixture.ts';
import { importRow, interactionsOf, putImport } from '#tests/support/import-history-fixture.ts';
import { putUser } from '#tests/support/put-user.ts';
import { foldTitle } from '#worker/imports/fold-title.ts';
import { databaseUrl, testDatabase } from './support/database.ts';
import { startProgram } from './support/program.ts';
import { openService, type Service, testKey } from './support/service.ts';
import { until } from './support/until.ts';

describe('the whole service', () => {
  let service: Service;
  let account: TestAccount;
  beforeAll(async () => {
    service = await openService({
      env: { RATE_LIMIT: 'off', JWT_SECRET: testSecret },
      sandbox: { movies: 1200 },
    });
    account = await openAccount({ pool: service.database.pool });
  });
  afterAll(() => service[Symbol.asyncDispose]());
  afterEach(() => service.sandbox.misbehave([]));

  const send = async (source: string, body: string) => {
    const answer = await service.get(`/api/user/import?source=${source}`, {
      method: 'POST',
      body,
      headers: { ...account.headers, 'content-type': 'text/csv' },
    });
    expect(answer.status).toBe(202);
    return ((await answer.json()) as { data: { import_id: string } }).data.import_id;
  };
  const report = async (id: string) => {
    const answer = await service.get(`/api/user/import/${id}?limit=100`, { headers: account.headers });
    return ((await answer.json()) as { data: Record<string, unknown> & { rows: Record<string, unknown>[] } })
      .data;
  };
  const ended = async (id: string) => {
    await until(async () => ['succeeded', 'failed'].includes(String((await report(id)).status)), 60_000);
    return report(id);
  };
  /** Movies that the mirror does not know, with a title that no other has. */
  const unmirrored = async (count: number) => {
    const { catalogue } = service.sandbox;
    const known = new Set((await service.rows('select tmdb_id from movies')).map((row) => row.tmdb_id));
    const all = Array.from({ length: catalogue.size }, (_, place) => catalogue.row(catalogue.idAt(place)));
    const names = all.flatMap((movie) => [
      ...new Set([movie?.title, movie?.original_title].map((it) => foldTitle(it ?? ''))),
    ]);
    const unique = (title: string) => names.filter((name) => name === foldTitle(title)).length === 1;
    return all
      .filter((movie) => movie !== undefined)
      .filter((movie) => !known.has(movie.id) && !movie.adult && movie.release_date && unique(movie.title))
      .slice(0, count);
  };

  test('takes a file from its upload to the user’s history, and fills the movies it brought', async () => {
    const fresh = await unmirrored(3);
    expect(fresh).toHaveLength(3);
    const lines = fresh.map(
      ({ title, release_date }) => `2024-05-06,"${title}",${release_date?.slice(0, 4)},u,1`,
    );
    const id = await send(
      'letterboxd',
      `Date,Name,Year,Letterboxd URI,Rating\n2024-02-11,Fight Club,1999,u,4.5\n${lines.join('\n')}\n2024-01-01,No Such Film at All,1950,u,3\n`,
    );
    const { status, counts, rows } = await ended(id);
    expect({ status, counts }).toEqual({
      status: 'succeeded',
      counts: { rows: 5, matched: 4, ambiguous: 0, not_found: 1, pending: 0, added: 8, unchanged: 0 },
    });
    expect(rows.map((row) => [row.status, row.tmdb_id, row.matched_by])).toEqual([
      ['matched', 550, 'title'],
      ...fresh.map((movie) => ['matched', movie.id, 'search']),
      ['not_found', null, null],
    ]);
    expect(await interactionsOf(service.database.pool, account.userId)).toEqual(
      [
        'liked 550 2024-02-11',
        'watched 550 2024-02-11',
        ...fresh.flatMap((movie) => [`disliked ${movie.id} 2024-05-06`, `watched ${movie.id} 2024-05-06`]),
      ].sort(),
    );
    // `details` follows by itself.
    await until(async () => {
      const detailed = await service.rows(
        "select 1 from movies where state = 'detailed' and tmdb_id = any($1)",
        fresh.map((movie) => movie.id),
      );
      return detailed.length === 3;
    }, 60_000);
  }, 120_000);

  test('waits while TMDb is down, shows how far it is, and goes on by itself', async () => {
    const imdbIds = (await unmirrored(20)).map(
      ({ id }) => service.sandbox.catalogue.details(id, [])?.imdb_id,
    );
    const imdbId = imdbIds.find((id) => id);
    expect(imdbId).toStartWith('tt');
    service.sandbox.misbehave([{ kind: 'status-503' }]);
    const id = await send(
      'imdb',
      `Const,Your Rating,Date Rated,Title\ntt0137523,9,2024-01-01,Fight Club\n${imdbId},9,2024-01-01,X\n`,
    );
    await until(async () => (await report(id)).status === 'running');
    await until(async () => (await service.rows('select circuit from upstream'))[0]?.circuit === 'open');
    expect(await report(id)).toMatchObject({
      status: 'running',
      counts: { matched: 1, pending: 1, added: 0, unchanged: 2 },
    });
    service.sandbox.misbehave([]);
    expect(await ended(id)).toMatchObject({
      status: 'succeeded',
      counts: { matched: 2, pending: 0, added: 2 },
    });
  }, 120_000);
});

describe('while two accounts have all of TMDb’s answers to wait for', () => {
  let service: Service;
  beforeAll(async () => {
    service = await openService({
      env: { RATE_LIMIT: 'off', JWT_SECRET: testSecret },
      sandbox: { movies: 300, latencyMs: 50 },
    });
  });
  afterAll(() => service[Symbol.asyncDispose]());

  test('a third one has what the mirror knows before its turn, and the rest by turns', async () => {
    const send = async (rows: string[]) => {
      const account = await openAccount({ pool: service.database.pool });
      const answer = await service.get('/api/user/import?source=letterboxd', {
        method: 'POST',
        body: `tmdbID,Name,Year\n${rows.join('\n')}\n`,
        headers: { ...account.headers, 'content-type': 'text/csv' },
      });
      return ((await answer.json()) as { data: { import_id: string } }).data.import_id;
    };
    const of = (importId: string) => importRow(service.database.pool, importId);
    const askedAt = async (importId: string) =>
      (await service.rows('select asked_at from user_imports where id = $1', importId))[0]?.asked_at;
    const endless = (name: string) => Array.from({ length: 5000 }, (_, i) => `,${name} ${i},1950`);
    const big = [
      await send(endless('Kein Film')),
      await send(endless('Auch keiner')),
      await send(endless('Nichts')),
    ];
    await until(async () => (await of(big[0] ?? '')).not_found > 0 && (await of(big[1] ?? '')).not_found > 0);
    // Whoever asks TMDb now keeps their turn for long.
    service.sandbox.misbehave([{ kind: 'slow', delayMs: 3000 }]);
    const small = await send(['550,Fight Club,1999', ',Fight Club,1999', ',Gar nichts,1950']);
    await until(async () => (await of(small)).matched >= 1);
    expect(await askedAt(small)).toBeNull();
    service.sandbox.misbehave([]);
    await until(async () => (await of(small)).status === 'succeeded');
    expect(await of(small)).toMatchObject({ matched: 2, not_found: 1 });
    expect(await askedAt(small)).not.toBeNull();
    // Nobody has come to the end of theirs, and all have had their turn.
    for (const importId of big) expect(await of(importId)).toMatchObject({ status: 'running', error: null });
    await until(async () => (await Promise.all(big.map(of))).every(({ not_found }) => not_found > 0));
  }, 120_000);
});

describe('a worker that is killed with -9', () => {
  let database: Database;
  let sandbox: Sandbox;
  beforeAll(async () => {
    [database, sandbox] = await Promise.all([
      testDatabase(),
      startSandbox({ movies: 600, apiKeys: [testKey], latencyMs: 20 }),
    ]);
  });
  afterAll(async () => {
    await sandbox.stop();
    await database[Symbol.asyncDispose]();
  });

  test('loses and doubles nothing of an import', async () => {
    const { pool } = database;
    const env = {
      DATABASE_URL: databaseUrl(database),
      TMDB_ACCESS_TOKEN: testKey,
      TMDB_BASE_URL: sandbox.url,
      TMDB_EXPORT_BASE_URL: sandbox.exportUrl,
      TMDB_MAX_RPS: '1000',
      LOG_LEVEL: 'warn',
    };
    const rows = Array.from({ length: 400 }, (_, place) => {
      const movie = sandbox.catalogue.details(sandbox.catalogue.idAt(place), []);
      const imdb = movie?.imdb_id ?? undefined;
      return { title: movie?.title ?? '', rating: 9, ...(imdb === undefined ? {} : { given_imdb_id: imdb }) };
    });
    const known = new Set(rows.map((row) => row.given_imdb_id).filter((id) => id !== undefined));
    const userId = await putUser(pool);
    const importId = await putImport(pool, userId, 'ratings', rows);
    const log = createLog({ level: 'silent', name: 'test' });
    {
      await using queues = await openQueues({ redisUrl: undefined, database, log, role: 'producer' });
      await queues.enqueue('users.import', { importId }, { jobId: `import-${importId}` });
    }
    await using first = startProgram('worker/main.ts', env);
    await until(async () => (await importRow(pool, importId)).matched > 50, 60_000);
    first.kill('SIGKILL');
    await first.exited;
    const left = await importRow(pool, importId);
    expect(left.status).toBe('running');
    expect(left.matched).toBeLessThan(known.size);
    await using second = startProgram('worker/main.ts', env);
    await until(async () => (await importRow(pool, importId)).status === 'succeeded', 90_000);
    expect(second.pid).not.toBe(first.pid);
    const { matched, added, unchanged } = await importRow(pool, importId);
    expect(matched).toBeGreaterThanOrEqual(known.size);
    expect({ added, unchanged }).toEqual({ added: matched * 2, unchanged: 0 });
    expect(await interactionsOf(pool, userId)).toHaveLength(matched * 2);
  }, 180_000);
});
