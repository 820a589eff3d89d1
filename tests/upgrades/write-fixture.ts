import { join } from 'node:path';
import pg from 'pg';
import { backedUpTables, quoted } from '#scripts/backup/backed-up-tables.ts';
import { writeBackup } from '#scripts/backup/write-backup.ts';
import { stopTestPostgres } from '#tests/support/database.ts';
import { openService, type Service } from '#tests/support/service.ts';
import { until } from '#tests/support/until.ts';
import { askedPaths, signIn, user } from './filled-user.ts';

/**
 * Run on the commit of a release: `bun tests/upgrades/write-fixture.ts 0.3.0`. Fills a database as users and workers of
 * that version do, and writes its backup and what the API answered. `upgrades.test.ts` upgrades it from then on.
 */
const [version] = process.argv.slice(2);
if (version === undefined) throw new Error('which version? bun tests/upgrades/write-fixture.ts 0.3.0');
const target = (kind: string) => join(import.meta.dir, `${version}.${kind}`);

/** What only time, trouble or many users bring. Older versions lack some of the tables. */
const rare: Record<string, string> = {
  content_neighbours:
    "insert into content_neighbours (movie_id, neighbours) select id, ''::bytea from movies where tmdb_id = 550 on conflict do nothing",
  facade_keys: `insert into facade_keys (id, name, api_key_hash, token_hash) values (gen_random_uuid(), 'tv', '\\x03', '\\x04')`,
  job_failures: `insert into job_failures (id, queue, job, subject, payload, code, message, attempts)
    values (gen_random_uuid(), 'movies', 'movies.fetch', '7', '{"tmdb_id":7}', 'internal_error', 'it broke', 3)`,
  movie_neighbours: `insert into movie_neighbours (movie_id, users, weight, neighbours)
    select id, 5, 0.5, ''::bytea from movies where tmdb_id = 550`,
  password_resets: `insert into password_resets (token_hash, user_id, expires_at)
    select '\\x01', id, now() + interval '1 hour' from users`,
  user_totp: `insert into user_totp (user_id, secret) select id, 'JBSWY3DPEHPK3PXP' from users`,
  totp_recovery_codes: `insert into totp_recovery_codes (code_hash, user_id) select '\\x02', id from users`,
  user_import_budgets: `insert into user_import_budgets (user_id, day, asked) select id, current_date, 2 from users`,
};

{
  await using service = await openService();
  await fillMirror(service);
  const refreshToken = await fillUser(service);
  await fillRest(service);
  await refuseEmptyTables(service);
  const answers: Record<string, unknown> = {};
  const token = await signIn(service.url);
  for (const path of askedPaths) {
    const answer = await service.get(path, { headers: { authorization: `Bearer ${token}` } });
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    answers[path] = ((await answer.json()) as { data: unknown }).data;
  }
  const signal = new AbortController().signal;
  const file = target('backup');
  const written = await writeBackup({
    clientConfig: service.database.clientConfig,
    file,
    force: true,
    signal,
  });
  await Bun.write(
    target('json'),
    `${JSON.stringify({ refresh_token: refreshToken, answers }, undefined, 1)}\n`,
  );
  process.stdout.write(`${file}: ${written.rows} rows of ${written.tables} tables, ${written.bytes} bytes\n`);
}
await stopTestPostgres();
process.exit(0);

async function fillMirror({ sync, get }: Service) {
  for (const job of ['genres', 'trending', 'details', 'export', 'details', 'neighbours', 'purge'] as const)
    await sync(job);
  // One that TMDb does not have, and one that is only known as somebody's wish.
  await get('/api/movies/1999999999');
}

async function fillUser({ url, get }: Service): Promise<string> {
  const post = async (path: string, body: unknown, headers: Record<string, string> = {}) => {
    const type = typeof body === 'string' ? 'text/csv' : 'application/json';
    const answer = await get(path, {
      method: 'POST',
      headers: { 'content-type': type, ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as { data: Record<string, string> };
  };
  const { data } = await post('/api/auth/register', user);
  const signedIn = { authorization: `Bearer ${await signIn(url)}` };
  const listed = (await (await get('/api/movies?limit=12')).json()) as { data: { tmdb_id: number }[] };
  const ids = listed.data.map((movie) => movie.tmdb_id);
  const people = (await (await get('/api/people?limit=2')).json()) as { data: { id: number }[] };
  await post(
    '/api/user/preferences',
    { genres: [18, 35], actors: people.data.map(({ id }) => id), movies: ids.slice(0, 2) },
    signedIn,
  );
  const types = ['liked', 'liked', 'liked', 'disliked', 'bookmarked', 'watched'];
  await post(
    '/api/user/interactions',
    { items: types.map((type, at) => ({ tmdb_id: ids[at], type })) },
    signedIn,
  );
  await post('/api/user/interactions', { tmdb_id: 1_999_999_998, type: 'bookmarked' }, signedIn);
  const csv =
    'Date,Name,Year,Letterboxd URI,Rating\n2024-01-02,Fight Club,1999,https://boxd.it/2a,4.5\n2024-01-03,No Such Film At All,1901,https://boxd.it/zz,2\n';
  const { data: started } = await post('/api/user/import?source=letterboxd', csv, signedIn);
  const isDone = async () => {
    const found = (await (
      await get(`/api/user/import/${started.import_id}`, { headers: signedIn })
    ).json()) as {
      data: { status: string };
    };
    return !['queued', 'running', 'pending'].includes(found.data.status);
  };
  await until(isDone, 30_000);
  return String(data.refresh_token);
}

async function fillRest({ rows }: Service) {
  const usage = 'select 1 from upstream_waits, upstream_requests, metric_totals limit 1';
  await until(async () => (await rows(usage)).length > 0, 40_000);
  for (const [table, statement] of Object.entries(rare)) {
    const [found] = await rows('select to_regclass($1) is not null as there', table);
    if (found?.there === true && (await rows(`select 1 from ${table} limit 1`)).length === 0)
      await rows(statement);
  }
}

/** A table that a version adds needs rows here, too. */
async function refuseEmptyTables({ database }: Service) {
  const client = new pg.Client(database.clientConfig);
  await client.connect();
  const empty: string[] = [];
  for (const { name } of await backedUpTables(client))
    if ((await client.query(`select 1 from ${quoted(name)} limit 1`)).rowCount === 0) empty.push(name);
  await client.end();
  if (empty.length > 0) throw new Error(`these tables have no row yet: ${empty.join(', ')}`);
}
