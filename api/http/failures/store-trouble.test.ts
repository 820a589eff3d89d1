import { expect, test } from 'bun:test';
import { Elysia } from 'elysia';
import pg from 'pg';
import { sql } from '#shared/db/sql.ts';
import { createLog } from '#shared/log.ts';
import type { TestResponse } from '#tests/support/api/test-response.ts';
import { storeTroubleTable } from '#tests/support/store-trouble-table.ts';
import { inTransaction } from '../../store/in-transaction.ts';
import { queryStore } from '../../store/query-store.ts';
import { errors } from '../plugins/errors.ts';
import { createErrorAnswerer } from './error-answerer.ts';

const log = createLog({ level: 'silent', name: 'test' });
const statement = sql`select 1`;
const poolAt = (host: string) => new pg.Pool({ host, port: 1, connectionTimeoutMillis: 5000 });

const app = new Elysia({ systemRouter: false })
  .use(
    errors(
      createErrorAnswerer({ log, routes: (): readonly { method: string; path: string }[] => app.routes }),
    ),
  )
  .get('/table/:row', async ({ params }) => {
    throw await storeTroubleTable[Number(params.row)]?.makeError();
  })
  .get('/read/:host', ({ params }) => queryStore(poolAt(decodeURIComponent(params.host)), statement))
  .get('/write/:host', ({ params }) =>
    inTransaction(poolAt(decodeURIComponent(params.host)), (query) => query(statement)),
  );

async function ask(path: string) {
  const answer = (await app.handle(new Request(`http://nexus.test${path}`))) as TestResponse;
  const { code, message } = await answer.json();
  return { http: answer.status, code, message, retryAfter: answer.headers.get('retry-after') };
}

const away = {
  http: 503,
  code: 'unavailable',
  message: 'The service is overloaded or being restarted. Please try again.',
  retryAfter: '5',
};
const ourFault = {
  http: 500,
  code: 'internal_error',
  message: 'Something went wrong on our side. It has been noted.',
  retryAfter: null,
};

test('a caller is told to try again for every trouble of the store, and for nothing else', async () => {
  const answers = await Promise.all(
    storeTroubleTable.map(async ({ name }, row) => [name, await ask(`/table/${row}`)]),
  );
  expect(answers).toEqual(
    storeTroubleTable.map(({ name, trouble }) => [name, trouble === undefined ? ourFault : away]),
  );
});

test.each(['127.0.0.1', 'postgres.invalid', '/no/such/folder'])(
  'a database at %s, where nobody is, is 503 to who reads and to who writes',
  async (host) => {
    for (const path of ['read', 'write'])
      expect(await ask(`/${path}/${encodeURIComponent(host)}`)).toEqual(away);
  },
);
