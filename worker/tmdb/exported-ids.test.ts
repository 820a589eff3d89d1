import { afterAll, describe, expect, test } from 'bun:test';
import { gzipSync } from 'node:zlib';
import { codeOf } from '#shared/errors.ts';
import type { ExportedId } from '#worker/tmdb/wire/mirrored-movie.ts';
import { exportedIds, exportFileName } from './exported-ids.ts';
import { RequestCounter } from './request-stats.ts';

const lineOf = (id: number) =>
  JSON.stringify({ adult: false, id, original_title: `Film ${id}`, popularity: id / 10, video: false });
const linesOf = (count: number) => Array.from({ length: count }, (_, i) => `${lineOf(i + 1)}\n`).join('');

const stalling = (first: Uint8Array) =>
  new ReadableStream({ start: (controller) => controller.enqueue(first) });

const manyLines = gzipSync(linesOf(200_000));

const files: Record<string, () => Response> = {
  '2026-01-01': () => new Response(gzipSync(linesOf(3))),
  '2026-01-02': () => new Response(linesOf(3)),
  '2026-01-03': () => new Response(gzipSync(linesOf(5000)).subarray(0, 5000)),
  '2026-01-04': () => new Response(`${linesOf(3)}{"adult":false,"id":4,"origi`),
  '2026-01-05': () => new Response(`${linesOf(1)}oops\n${linesOf(1)}`),
  '2026-01-06': () => new Response(''),
  '2026-01-07': () => new Response('denied', { status: 403 }),
  '2026-01-08': () => new Response('', { status: 503 }),
  '2026-01-09': () => new Response('x'.repeat(200_000)),
  '2026-01-10': () => new Response(stalling(gzipSync(linesOf(5000)).subarray(0, 3000))),
  '2026-01-11': () =>
    new Response(
      `{"id":null}\n{"id":8,"original_title":null,"popularity":null,"adult":null}\n{"id":0}\n[]x`.slice(
        0,
        -4,
      ),
    ),
  '2026-01-12': () => new Response(linesOf(2).trimEnd()),
  '2026-01-13': () => Response.redirect('https://elsewhere.invalid/'),
  '2026-01-14': () => new Response(manyLines),
};
const byName = new Map(Object.entries(files).map(([date, answer]) => [`/${exportFileName(date)}`, answer]));
const heard: Headers[] = [];
const server = Bun.serve({
  port: 0,
  hostname: '127.0.0.1',
  fetch: (request) => {
    heard.push(request.headers);
    return byName.get(new URL(request.url).pathname)?.() ?? new Response('', { status: 404 });
  },
});
afterAll(() => server.stop(true));

const open = (date: string, signal = new AbortController().signal) =>
  exportedIds(date, signal, {
    exportBaseUrl: `http://127.0.0.1:${server.port}`,
    counter: new RequestCounter(),
    fetch: (url, init) => fetch(url, init),
    idleMs: 200,
  });

async function outcomeOf(ids: AsyncIterable<ExportedId>): Promise<{ ids: number[]; code: string }> {
  const read: number[] = [];
  try {
    for await (const { tmdb_id } of ids) read.push(tmdb_id);
    return { ids: read, code: 'whole' };
  } catch (error) {
    return { ids: read, code: codeOf(error) };
  }
}

test('the file is named by month, day and year', () => {
  expect(exportFileName('2026-11-02')).toBe('movie_ids_11_02_2026.json.gz');
});

test.each(['2026-01-01', '2026-01-02', '2026-01-12'])('reads an export whole (%s)', async (date) => {
  const all = await Array.fromAsync(open(date));
  expect(all[1]).toEqual({ tmdb_id: 2, original_title: 'Film 2', popularity: 0.2, adult: false });
  expect(all.length).toBe(date === '2026-01-12' ? 2 : 3);
});

test('no credential is sent along', () => {
  expect(heard.length).toBeGreaterThan(0);
  for (const headers of heard) expect(headers.has('authorization')).toBe(false);
});

test('leaves out rows without a usable id, and takes what is empty for empty', async () => {
  expect(await Array.fromAsync(open('2026-01-11'))).toEqual([
    { tmdb_id: 8, original_title: '', popularity: null, adult: null },
  ]);
});

describe('an export that is not whole ends in an error', () => {
  test.each([
    ['a gzip stream that was cut', '2026-01-03', 'export_incomplete'],
    ['a last line that was cut', '2026-01-04', 'export_incomplete'],
    ['a line that is no JSON', '2026-01-05', 'export_incomplete'],
    ['an empty file', '2026-01-06', 'export_incomplete'],
    ['a line without end', '2026-01-09', 'export_incomplete'],
    ['a stream that stands still', '2026-01-10', 'upstream_unavailable'],
    ['a file not there', '2026-02-01', 'upstream_not_found'],
    ['a file the store denies', '2026-01-07', 'upstream_not_found'],
    ['a store that is down', '2026-01-08', 'upstream_unavailable'],
    ['a redirect', '2026-01-13', 'upstream_unavailable'],
  ])('%s', async (_, date, code) => {
    expect((await outcomeOf(open(date))).code).toBe(code);
  });

  test('after the ids that came', async () => {
    expect((await outcomeOf(open('2026-01-04'))).ids).toEqual([1, 2, 3]);
  });
});

test('a reader may take longer than the idle timeout over a line', async () => {
  let read = 0;
  for await (const _ of open('2026-01-14')) if (++read === 1000) await Bun.sleep(500);
  expect(read).toBe(200_000);
});

test('a reader may stop early, and the signal stops it', async () => {
  for await (const { tmdb_id } of open('2026-01-14')) if (tmdb_id === 10) break;
  const stop = new AbortController();
  const reading = (async () => {
    for await (const { tmdb_id } of open('2026-01-10', stop.signal)) if (tmdb_id === 1) stop.abort();
  })();
  expect(await reading.catch(codeOf)).toBe('shutting_down');
});
