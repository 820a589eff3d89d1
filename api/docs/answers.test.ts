import { afterAll, beforeAll, expect, test } from 'bun:test';
import Ajv2020 from 'ajv/dist/2020';
import { Secret, TOTP } from 'otpauth';
import { movieLists } from '#shared/lists/list-entry.ts';
import { openAccount, testPassword } from '#tests/support/api/account-fixture.ts';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';
import { type DescribedMedia, examplesOf, operationsOf } from '#tests/support/api/description-fixture.ts';
import {
  putList,
  putRecord,
  putSnapshot,
  putTrending,
  putWholeMovie,
  relate,
} from '#tests/support/api/movie-fixture.ts';
import type { TestBody, TestResponse } from '#tests/support/api/test-response.ts';

/** What is asked beside what the description has examples of. */
const queries: Record<string, string> = {
  'get /api/user/recommendations': 'explain=true',
  'post /api/user/import': 'source=letterboxd',
};
/** An order in which each succeeds: what makes something comes first, what ends something last. */
const turnOf = (where: string): number => {
  const turns = [
    /register$/,
    /login$/,
    /reset-link$/,
    /^post (?!.*logout)/,
    /^get /,
    /^patch /,
    /^delete .*\{/,
    /^delete /,
  ];
  const turn = turns.findIndex((pattern) => pattern.test(where));
  return turn === -1 ? turns.length : turn;
};

const movieId = 900001;
const failureId = '01a2b3c4-d5e6-7f80-91a2-b3c4d5e6f70b';
/** What stands in paths; answers add to it. */
const known: Record<string, string> = { tmdb_id: String(movieId), type: 'liked', job: 'trending', line: '2' };

let api: TestApi;
let description: TestBody;
/** Data in every list and every part: what is empty shows nothing of its shape. */
beforeAll(async () => {
  api = await openTestApi({ config: { onDemandWaitMs: 0 } });
  const { pool } = api;
  description = await (await api.get('/docs/json')).json();
  for (const id of [movieId, 11, 12]) await putWholeMovie(pool, id);
  await putSnapshot(pool, 'genres', 2);
  await putTrending(pool, 'week', [movieId, 11]);
  for (const list of movieLists) await putList(pool, list, 'US', [movieId, 11]);
  await relate(pool, movieId, 'recommendation', [11, 12]);
  await pool.query("insert into people (id, name) values (910002, 'Lucía Soler')");
  await putRecord(pool, {
    kind: 'person',
    id: 5,
    state: 'detailed',
    parts: {
      details: { also_known_as: ['E'], biography: 'Eve.', birthday: '1970-01-01', gender: 1 },
      images: { profiles: [{ file_path: '/e.jpg', width: 1, height: 2 }] },
      external_ids: { imdb_id: 'nm5' },
      translations: { translations: [] },
    },
  });
  await putRecord(pool, {
    kind: 'collection',
    id: 5,
    state: 'detailed',
    parts: {
      details: { name: 'All', overview: 'Of them.', poster_path: '/p.jpg', parts: [{ id: movieId }] },
      images: {},
      translations: {},
    },
  });
  await pool.query("insert into people (id, name, profile_path) values (5, 'Eve', '/e.jpg')");
  await pool.query(
    `insert into person_credits (person_id, credit_id, movie_id, kind, position)
     select 5, kind, id, kind, 0 from movies, unnest(array['cast', 'crew']) as kind where tmdb_id = $1`,
    [movieId],
  );
  await pool.query(
    `insert into job_failures (id, queue, job, subject, payload, code, message, attempts)
     values ($1, 'sync', 'genres', '', '{}', 'list_too_short', 'It is empty.', 1)`,
    [failureId],
  );
  await pool.query(
    `insert into movie_merges (tmdb_id, into_tmdb_id, state, certainty, looked_at)
     values ($1, 11, 'proposed', 0.75, now())`,
    [movieId],
  );
});
afterAll(() => api[Symbol.asyncDispose]());

/** Objects with no fields but those that the schema names. */
const strict = (schema: unknown): unknown => {
  if (Array.isArray(schema)) return schema.map(strict);
  if (typeof schema !== 'object' || schema === null) return schema;
  const inner = Object.fromEntries(Object.entries(schema).map(([name, value]) => [name, strict(value)]));
  return 'properties' in schema ? { additionalProperties: false, ...inner } : inner;
};
const ajv = new Ajv2020({
  strict: false,
  formats: { uuid: true, 'date-time': true, date: true, email: true, uri: true },
});
const problemsOf = (schema: object, value: unknown) => {
  const isValid = ajv.compile(
    strict({ ...schema, components: { schemas: description.components.schemas } }) as object,
  );
  return isValid(value) ? [] : isValid.errors;
};

/** The first `data` of a stream of events, which has no end of its own. */
async function firstEvent(answer: TestResponse): Promise<unknown> {
  let text = '';
  for await (const piece of answer.body ?? []) {
    text += new TextDecoder().decode(piece);
    const [, data] = /^data: (.*)\n\n/m.exec(text) ?? [];
    if (data !== undefined) return JSON.parse(data);
  }
  throw new Error('no event came');
}

interface Asked {
  status: number;
  headers: Record<string, string>;
}

function idIn(where: string, status: number): string | undefined {
  if (/\/(people|collections)\//.test(where)) return status === 202 ? '77' : '5';
  if (where.includes('/failures/')) return failureId;
  if (where.includes('/admin/users/')) return known.user_id;
  if (where.includes('/admin/keys/')) return known.key_id;
  return where.includes('/auth/sessions/') ? known.session_id : known.run_id;
}

function ask(where: string, { status, headers }: Asked, takes: Record<string, DescribedMedia> = {}) {
  const [method = '', path = ''] = where.split(' ');
  const [type, media] = Object.entries(takes)[0] ?? [];
  const bodies: Record<string, unknown> = {
    'post /api/auth/refresh': { refresh_token: known.refresh_token },
    'post /api/auth/totp': { password: testPassword },
    'post /api/auth/totp/confirm': { code: known.secret && codeOf(known.secret) },
    'delete /api/auth/totp': { password: testPassword, code: known.recovery_code },
    'post /api/auth/reset': { token: known.token, password: testPassword },
    'delete /api/user/profile': { password: testPassword },
  };
  const body = bodies[where] ?? (media && examplesOf(media)[0]);
  const inPath: Record<string, string | undefined> = {
    ...known,
    tmdb_movie_id: String(status === 202 ? 77 : movieId),
    id: idIn(where, status),
  };
  return api.request(
    `${path.replaceAll(/\{(\w+)\}/g, (_, name) => inPath[name] ?? '')}?${queries[where] ?? ''}`,
    {
      method: method.toUpperCase(),
      headers: { ...headers, ...(type === undefined ? {} : { 'content-type': type }) },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    },
  );
}

const codeOf = (secret: string) => new TOTP({ secret: Secret.fromBase32(secret) }).generate();

/** What is wrong with an answer; nothing where it is as described. Keeps the ids that later ones are asked with. */
async function problemsOfAnswer(
  answer: TestResponse,
  content: [type: string, media: DescribedMedia] | undefined,
) {
  const [type, media] = content ?? [];
  if (media === undefined) return (await answer.text()) === '' ? [] : ['has a body'];
  if (type === 'text/plain') return (await answer.text()).startsWith('# HELP') ? [] : ['is no metrics'];
  if (type === 'text/event-stream')
    return problemsOf({ $ref: '#/components/schemas/SyncRun' }, await firstEvent(answer));
  const json = await answer.json();
  if (json.data?.api_key !== undefined) known.key_id = json.data.id;
  else
    for (const name of ['import_id', 'run_id', 'refresh_token', 'token', 'secret'])
      if (typeof json.data?.[name] === 'string') known[name] = json.data[name];
  if (json.data?.recovery_codes !== undefined) known.recovery_code = json.data.recovery_codes[0];
  return Array.isArray(json.data) && json.data.length === 0 ? ['is empty'] : problemsOf(media.schema, json);
}

async function openSession(userId: string): Promise<string> {
  const id = Bun.randomUUIDv7();
  await api.pool.query(
    "insert into sessions (id, user_id, expires_at) values ($1, $2, now() + interval '1 day')",
    [id, userId],
  );
  return id;
}

test('every success that is described is answered just as its schema says', async () => {
  const successes = operationsOf(description)
    .flatMap((operation) =>
      Object.keys(operation.responses).map((status) => ({ ...operation, status: Number(status) })),
    )
    .filter(({ status }) => status < 300)
    .toSorted((one, other) => turnOf(one.where) - turnOf(other.where));
  expect(successes.length).toBeGreaterThan(35);
  const admin = await openAccount(api, { role: 'admin' });
  const leaving = await openAccount(api);
  known.user_id = (await openAccount(api)).userId;

  for (const { where, status, requestBody, responses } of successes) {
    const { headers } = where === 'delete /api/user/profile' ? leaving : admin;
    if (where === 'delete /api/auth/sessions/{id}') known.session_id = await openSession(admin.userId);
    const answer = await ask(where, { status, headers }, requestBody?.content);
    const content = Object.entries(responses[status]?.content ?? {})[0];
    const problems = answer.status === status ? await problemsOfAnswer(answer, content) : await answer.text();
    expect({ where, status: answer.status, problems }).toEqual({ where, status, problems: [] });
  }
}, 60_000);

test('what takes a language says which one was asked for', async () => {
  const silent = operationsOf(description)
    .filter(({ parameters = [] }) => parameters.some(({ name }) => name === 'language'))
    .filter(({ responses }) => {
      const [media] = Object.values(responses[200]?.content ?? {});
      return (
        media === undefined || examplesOf(media).some((said) => said.meta?.language?.asked === undefined)
      );
    });
  expect(silent.map(({ where }) => where)).toEqual([]);
});
