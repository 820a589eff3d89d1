import { afterAll, expect, test } from 'bun:test';
import { connect } from 'node:net';
import { Elysia } from 'elysia';
import { StoreAwayError } from '#shared/db/store-away.ts';
import { createLog } from '#shared/log.ts';
import type { TestBody } from '#tests/support/api/test-response.ts';
import { createAdmission } from '../callers/admission.ts';
import { createErrorAnswerer } from '../failures/error-answerer.ts';
import { stateBody } from '../input/body-rule.ts';
import { bodies, serverBodyLimitBytes } from './body.ts';
import { errors } from './errors.ts';
import { signedIn } from './guards.ts';
import { requestIds } from './request-id.ts';

const log = createLog({ level: 'silent', name: 'test' });
const mebibyte = 1024 * 1024;
/** Behind a guard that cannot say who calls. */
const behind = (failure: Error) => {
  const verify = () => Promise.reject(failure);
  return new Elysia().use(
    signedIn(
      createAdmission({
        verify,
        verifyConsole: verify,
        throttle: undefined,
        addressOf: () => '',
        isSecure: () => false,
      }),
    ),
  );
};
const app = new Elysia({ systemRouter: false, serve: { maxRequestBodySize: serverBodyLimitBytes } })
  .use(requestIds())
  .use(
    errors(
      createErrorAnswerer({ log, routes: (): readonly { method: string; path: string }[] => app.routes }),
    ),
  )
  .use(
    bodies({
      takesBody: (_, route) => route !== '/end',
      arrivalMs: 2000,
    }),
  )
  .post('/echo', ({ body }) => ({ body }))
  .post('/end', ({ body }) => ({ nothing: body === undefined }))
  .use(behind(new StoreAwayError('the database gave no answer')).post('/guarded', () => ({})))
  .use(behind(new Error('select secret from users')).post('/broken', () => ({})))
  .post('/import', ({ body }) => ({ length: (body as string).length }), {
    ...stateBody({ limitBytes: 10 * mebibyte, mediaType: 'text/csv' }),
  })
  .listen({ port: 0, hostname: '127.0.0.1' });
afterAll(() => app.stop(true));

const json = { 'content-type': 'application/json' };
async function post(
  path: string,
  headers: Record<string, string>,
  body?: string | Uint8Array<ArrayBuffer> | ReadableStream,
) {
  const answer = await fetch(`http://127.0.0.1:${app.server?.port}${path}`, {
    method: 'POST',
    headers,
    ...(body === undefined ? {} : { body }),
  });
  return { status: answer.status, body: (await answer.json()) as TestBody };
}

test('whoever cannot be let in because of us is not told that their body is wrong', async () => {
  const headers = { ...json, authorization: 'Bearer any' };
  for (const body of ['{}', '{']) {
    expect(await post('/guarded', headers, body)).toMatchObject({
      status: 503,
      body: { code: 'unavailable' },
    });
    expect(await post('/broken', headers, body)).toMatchObject({
      status: 500,
      body: { code: 'internal_error' },
    });
  }
});

test('JSON is read, with or without a charset', async () => {
  expect((await post('/echo', json, '{"a":"ü"}')).body).toEqual({ body: { a: 'ü' } });
  expect((await post('/echo', { 'content-type': 'application/json; charset=utf-8' }, '[1]')).status).toBe(
    200,
  );
});

test('JSON that is said to be in other characters than UTF-8 is 415, and is not read as what it is not', async () => {
  const said = (charset: string) => ({ 'content-type': `application/json${charset}` });
  for (const charset of [
    '; charset=latin1',
    ';charset="utf-16"',
    '; Charset=windows-1252',
    '; charset=klingon',
  ]) {
    const { status, body } = await post('/echo', said(charset), '{"a":"\u00c3\u00bc"}');
    expect([charset, status, body.code]).toEqual([charset, 415, 'unsupported_media_type']);
  }
  for (const charset of ['; charset=UTF-8', ';charset="utf8"', '; charset=us-ascii', '; version=1'])
    expect([charset, (await post('/echo', said(charset), '{"a":1}')).status]).toEqual([charset, 200]);
  const marked = new Uint8Array([0xef, 0xbb, 0xbf, ...new TextEncoder().encode('{"a":"ü"}')]);
  expect((await post('/echo', json, marked)).body).toEqual({ body: { a: 'ü' } });
});

test('another kind of body is 415, and so is one without a kind', async () => {
  const answer = await post('/echo', { 'content-type': 'text/plain' }, 'a');
  expect([answer.status, answer.body.code]).toEqual([415, 'unsupported_media_type']);
  expect((await post('/echo', {}, new Uint8Array([1]))).status).toBe(415);
});

test('malformed JSON is 400, and so is an empty body', async () => {
  const answer = await post('/echo', json, '{"a":');
  expect([answer.status, answer.body.code]).toEqual([400, 'malformed_body']);
  expect((await post('/echo', json, '')).status).toBe(400);
  expect((await post('/echo', json, new Uint8Array([0x22, 0xff, 0x22]))).status).toBe(400);
});

test('where no body is asked for, an empty one is none, whatever it is said to be', async () => {
  for (const headers of [{}, json, { 'content-type': 'text/plain' }])
    expect((await post('/end', headers, '')).body).toEqual({ nothing: true });
  expect((await post('/end', json, '{')).status).toBe(400);
});

test('a body that nests deeper than any of ours is malformed, and is not climbed', async () => {
  const nested = (depth: number) => '{"a":['.repeat(depth / 2) + ']}'.repeat(depth / 2);
  expect((await post('/echo', json, nested(16))).status).toBe(200);
  for (const depth of [18, 100_000]) {
    const answer = await post('/echo', json, nested(depth));
    expect([answer.status, answer.body.code]).toEqual([400, 'malformed_body']);
  }
});

test('a body over the limit is 413, in the envelope, however large', async () => {
  for (const size of [mebibyte + 1, 20 * mebibyte]) {
    const answer = await post('/echo', json, `"${'x'.repeat(size)}"`);
    expect([answer.status, answer.body.code]).toEqual([413, 'body_too_large']);
    expect(answer.body.request_id).toBeString();
  }
  expect((await post('/echo', json, `"${'x'.repeat(mebibyte - 2)}"`)).status).toBe(200);
});

test('a body of unannounced length is counted as it comes', async () => {
  let sent = 0;
  const endless = new ReadableStream({
    pull(controller) {
      sent += mebibyte / 4;
      controller.enqueue(new Uint8Array(mebibyte / 4));
      if (sent > 8 * mebibyte) controller.close();
    },
  });
  expect((await post('/echo', json, endless)).status).toBe(413);
});

test('a route may have a limit and a kind of its own', async () => {
  expect((await post('/import', { 'content-type': 'text/csv' }, 'x'.repeat(2 * mebibyte))).body).toEqual({
    length: 2 * mebibyte,
  });
  expect((await post('/import', { 'content-type': 'text/csv' }, 'x'.repeat(11 * mebibyte))).status).toBe(413);
});

test('a body that holds more values than any of ours is refused before it is parsed', async () => {
  const list = (item: string, count: number) => `[${Array(count).fill(item).join(',')}]`;
  expect((await post('/echo', json, list('1', 9000))).status).toBe(200);
  // Neither commas nor brackets in a text are values.
  expect((await post('/echo', json, `"${'[{,\\"'.repeat(100_000)}"`)).status).toBe(200);
  for (const body of [
    list('1', 400_000),
    list('[]', 300_000),
    `{${Array.from({ length: 90_000 }, (_, i) => `"${i * 7}":1`).join(',')}}`,
    `{${Array(70_000).fill('"__proto__":1').join(',')}}`,
    // Not even whether it is JSON is looked at.
    '['.repeat(10) + ','.repeat(500_000),
  ]) {
    const answer = await post('/echo', json, body);
    expect([answer.status, answer.body.code]).toEqual([422, 'invalid_input']);
    expect(answer.body.details).toEqual([{ path: 'body', message: 'may hold at most 10,000 values' }]);
  }
});

/** Sends a chunked body piece by piece over a bare connection. @returns all that comes back */
function sendChunks(
  path: string,
  type: string,
  pieces: AsyncIterable<string> | Iterable<string>,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(app.server?.port ?? 0, '127.0.0.1');
    let got = '';
    socket.on('data', (data) => {
      got += data;
    });
    socket.on('error', reject).on('close', () => resolve(got));
    const head = [`POST ${path} HTTP/1.1`, 'Host: nexus.test', 'Connection: close', `Content-Type: ${type}`];
    socket.write(`${head.join('\r\n')}\r\nTransfer-Encoding: chunked\r\n\r\n`);
    void (async () => {
      for await (const piece of pieces) socket.write(`${piece.length.toString(16)}\r\n${piece}\r\n`);
      socket.write('0\r\n\r\n');
    })();
  });
}

test('a body in thousands of tiny pieces is refused, and one in many small ones is read', async () => {
  const text = JSON.stringify('x'.repeat(20_000));
  const piecesOf = (length: number) => text.match(new RegExp(`.{1,${length}}`, 'g')) ?? [];
  expect(await sendChunks('/echo', 'application/json', piecesOf(70))).toStartWith('HTTP/1.1 200');
  const refused = await sendChunks('/echo', 'application/json', piecesOf(1));
  expect(refused).toStartWith('HTTP/1.1 400');
  expect(refused).toContain('The body came in too many small pieces.');
});

test('a body that does not end is refused in the end, however it drips', async () => {
  let isOver = false;
  let dripped = 0;
  async function* drips() {
    for (let drop = 0; drop < 1000 && !isOver; drop++) {
      await Bun.sleep(100);
      dripped++;
      yield ' '.repeat(100);
    }
  }
  const answer = await sendChunks('/import', 'text/csv', drips());
  isOver = true;
  expect(answer).toStartWith('HTTP/1.1 400');
  expect(answer).toContain('The body took too long to arrive.');
  expect(dripped).toBeLessThan(1000);
});
