import pg from 'pg';
import { describedAs } from '#api/docs/put-security.ts';
import { needsOf } from '#api/http/callers/route-needs.ts';
import { openAccount, type TestAccount, testPassword } from './account-fixture.ts';
import type { TestApi } from './api-fixture.ts';
import { type DescribedOperation, examplesOf, failuresOf } from './description-fixture.ts';
import { putAbsence, putMovie, putRecord, tell } from './movie-fixture.ts';
import type { TestBody } from './test-response.ts';

/** What a route answered that is no success. */
export interface Provoked {
  where: string;
  status: number;
  body: TestBody;
  headers: Headers;
}

interface Asked {
  headers?: Record<string, string>;
  /** Other than the ordinary, by their names. */
  params?: Record<string, string>;
  query?: string;
  body?: unknown;
  type?: string;
}

type Ask = (operation: DescribedOperation, asked?: Asked) => Promise<void>;

const nobodys = '01a2b3c4-d5e6-7f80-91a2-b3c4d5e6f70a';
const ordinary: Record<string, string> = {
  tmdb_movie_id: '550',
  tmdb_id: '550',
  type: 'liked',
  job: 'genres',
  id: nobodys,
  import_id: nobodys,
  line: '2',
};
/** Of people and collections, whose ids are TMDb's. */
const isOfTmdb = (path: string) => /^\/api\/(people|collections)\//.test(path);
const ids = { absent: '901', gone: '902', merged: '1999999997' };
const nonsense = { authorization: 'Bearer a.b.c' };
/** More than any route takes. */
const tooLarge = new Uint8Array(10 * 1024 * 1024 + 1);

/** Makes every route fail in every way that can be had from outside or by taking its stores away. */
export async function provokeFailures(api: TestApi, operations: DescribedOperation[]): Promise<Provoked[]> {
  const provoked: Provoked[] = [];
  const admin = await openAccount(api, { role: 'admin' });
  const somebody = await openAccount(api);
  const askOf =
    (request: TestApi['request']): Ask =>
    async (operation, asked = {}) => {
      const answer = await request(...requestOf(operation, asked));
      if (answer.status < 400) return void (await answer.body?.cancel());
      const { where } = operation;
      provoked.push({ where, status: answer.status, body: await answer.json(), headers: answer.headers });
    };
  const ask = askOf(api.request);
  const forAdmins = new Set(
    api.routes.filter((route) => needsOf(route).includes('admin')).map((route) => describedAs(route)),
  );
  const dead = { pool: new pg.Pool({ host: '127.0.0.1', port: 1 }) };
  const askWithoutStore = askOf(api.anotherRequest({ database: dead }));

  await setCircuit(api, 'open');
  for (const operation of operations.filter(isForAnybody)) await ask(operation);
  await setCircuit(api, 'closed');
  for (const operation of operations) {
    await askWithoutStore(operation, { headers: isForAnybody(operation) ? {} : admin.headers });
    // Where a token is optional, looking at one may fail, too.
    if (operation.security?.length === 2) await askWithoutStore(operation, { headers: admin.headers });
    if (operation.security?.length !== 0) await ask(operation, { headers: nonsense });
    if (forAdmins.has(operation.where)) await ask(operation, { headers: somebody.headers });
    await provokeInput(ask, operation, admin);
  }
  await provokeParticular(api, ask, operations, admin);
  // The last: from then on nobody without a token gets any further.
  while ((await api.get('/api/genres')).status !== 429);
  for (const operation of operations) await ask(operation);
  return provoked;
}

function requestOf(
  { where, requestBody }: DescribedOperation,
  { headers = {}, params = {}, query = '', body, type }: Asked,
): [string, RequestInit] {
  const [method = '', path = ''] = where.split(' ');
  const [takes, media] = Object.entries(requestBody?.content ?? {})[0] ?? [];
  const sent = body ?? (media === undefined ? undefined : examplesOf(media)[0]);
  const isRaw = typeof sent === 'string' || sent instanceof Uint8Array;
  return [
    `${path.replaceAll(/\{(\w+)\}/g, (_, name) => params[name] ?? (isOfTmdb(path) ? '550' : ordinary[name]) ?? '')}?${query}`,
    {
      method: method.toUpperCase(),
      headers: {
        ...(sent === undefined ? {} : { 'content-type': type ?? takes ?? 'application/json' }),
        ...headers,
      },
      ...(sent === undefined ? {} : { body: isRaw ? sent : JSON.stringify(sent) }),
    },
  ];
}

/** A token is not even looked at, or is one of two ways in. */
const isForAnybody = ({ security = [] }: DescribedOperation) => security.length !== 1;

async function provokeInput(ask: Ask, operation: DescribedOperation, admin: TestAccount): Promise<void> {
  const { headers } = admin;
  if (!operation.where.startsWith('get ')) {
    await ask(operation, { headers, body: '{}', type: 'text/plain' });
    await ask(operation, { headers, body: tooLarge });
    const isCsv = 'text/csv' in (operation.requestBody?.content ?? {});
    await ask(operation, { headers, body: isCsv ? new Uint8Array([0xff]) : '{' });
  }
  const [wrong] = failuresOf(operation, 422);
  const name: string | undefined = wrong?.details[0].path;
  if (name === undefined) return;
  const place = operation.parameters?.find((parameter) => parameter.name === name)?.in;
  if (name === 'body') await ask(operation, { headers, query: 'source=letterboxd', body: 'Name\n' });
  else if (place === 'query' || wrong?.details[0].message.startsWith('is not a parameter'))
    await ask(operation, { headers, query: `${name}=` });
  else if (place === 'path') await ask(operation, { headers, params: { [name]: 'none' } });
  else await ask(operation, { headers, body: { [name]: '' } });
}

/** What hangs on what is there. */
async function provokeParticular(
  api: TestApi,
  ask: Ask,
  operations: DescribedOperation[],
  { userId, headers }: TestAccount,
): Promise<void> {
  const at = (where: string, asked: Asked = {}): Promise<void> => {
    const operation = operations.find((each) => each.where === where);
    if (operation === undefined) throw new Error(`nothing is described at ${where}`);
    return ask(operation, { headers, ...asked });
  };
  await putAbsence(api.pool, Number(ids.absent));
  await putMovie(api.pool, { tmdbId: Number(ids.gone), state: 'gone' });
  await putMovie(api.pool, { tmdbId: Number(ids.merged), state: 'gone' });
  await api.pool.query(
    "insert into movie_merges (tmdb_id, into_tmdb_id, state, looked_at) values ($1, 550, 'moved', now())",
    [ids.merged],
  );
  for (const tmdbId of Object.values(ids)) {
    await at('get /api/movies/{tmdb_movie_id}', { params: { tmdb_movie_id: tmdbId } });
    await at('get /api/movies/{tmdb_movie_id}/recommendations', { params: { tmdb_movie_id: tmdbId } });
  }
  for (const [kind, where] of [
    ['person', 'get /api/people/{id}'],
    ['collection', 'get /api/collections/{id}'],
  ] as const) {
    await putRecord(api.pool, { kind, id: Number(ids.absent), state: 'unknown' });
    await putRecord(api.pool, { kind, id: Number(ids.gone), state: 'gone' });
    for (const id of Object.values(ids)) await at(where, { params: { id } });
  }
  await at('get /api/admin/movies/{tmdb_id}', { params: { tmdb_id: '904' } });
  for (const _ of ['taken', 'twice']) await at('post /api/auth/register');
  await at('post /api/auth/login', { body: { email: 'ada@example.org', password: 'wrong' } });
  await at('post /api/auth/refresh');
  const fromElsewhere = { cookie: 'nexus_refresh=x', 'sec-fetch-site': 'cross-site' };
  await at('post /api/auth/refresh', { headers: fromElsewhere, body: {} });
  const locked = await openAccount(api);
  await api.pool.query('update users set locked_at = now() where id = $1', [locked.userId]);
  await at('post /api/auth/login', {
    body: { email: `${locked.userId}@example.org`, password: testPassword },
  });
  await at('post /api/auth/reset');
  await at('post /api/auth/totp/confirm');
  for (const where of ['post /api/auth/totp', 'delete /api/auth/totp'])
    await at(where, { body: { password: 'wrong', code: where.startsWith('post') ? undefined : '000000' } });
  const careful = await openAccount(api);
  await api.pool.query("insert into user_totp (user_id, secret, confirmed_at) values ($1, 'AAAA', now())", [
    careful.userId,
  ]);
  await at('post /api/auth/totp', { headers: careful.headers, body: { password: testPassword } });
  await at('post /api/auth/login', {
    body: { email: `${careful.userId}@example.org`, password: testPassword },
  });
  await at('patch /api/user/profile', {
    headers: careful.headers,
    body: { email: { password: testPassword, next: 'careful@example.org' } },
  });
  await at('delete /api/admin/users/{id}/totp');
  await at('delete /api/auth/sessions/{id}');
  await at('patch /api/user/profile', {
    body: { email: { password: testPassword, next: 'ada@example.org' } },
  });
  await at('delete /api/user/profile', { body: { password: testPassword } });
  await at('patch /api/admin/users/{id}');
  await at('delete /api/admin/keys/{id}');
  await at('patch /api/admin/users/{id}', { params: { id: userId }, body: { locked: true } });
  await at('delete /api/admin/users/{id}/sessions');
  await at('post /api/admin/users/{id}/reset-link');
  const password = { current: 'wrong', next: testPassword };
  await at('patch /api/user/profile', { body: { password } });
  await at('delete /api/user/profile', { body: { password: 'wrong' } });
  for (const method of ['get', 'delete']) await at(`${method} /api/user/import/{import_id}`);
  await at('post /api/user/import/{import_id}/rows/{line}');
  for (const _ of ['under way', 'twice']) await at('post /api/user/import', { query: 'source=letterboxd' });
  await at('get /api/admin/sync/runs/{id}');
  await at('post /api/admin/sync/{job}', { params: { job: 'none' } });
  for (const _ of ['under way', 'twice'])
    await at('post /api/admin/sync/{job}', { params: { job: 'trending' } });
  await at('get /api/admin/movies/{tmdb_id}', { params: { tmdb_id: '1999999998' } });
  await at('post /api/admin/merges/{tmdb_id}', { params: { tmdb_id: '1999999998' } });
  await at('post /api/admin/failures/{id}/replay');
  await api.pool.query(
    `insert into job_failures (id, queue, job, subject, payload, code, message, attempts)
     values ($1, 'sync', 'trending', '', '{}', 'list_too_short', 'It is empty.', 1)`,
    [userId],
  );
  await at('post /api/admin/failures/{id}/replay', { params: { id: userId } });
}

async function setCircuit(api: TestApi, circuit: 'open' | 'closed'): Promise<void> {
  await api.pool.query("update upstream set circuit = $1, retry_at = now() + interval '7 seconds'", [
    circuit,
  ]);
  await tell(api.pool, { kind: 'upstream' });
}
