import { afterAll, beforeAll, beforeEach, expect, test } from 'bun:test';
import type { Sandbox } from './sandbox.ts';
import { startSandbox } from './server.ts';
import type { ExportEntry } from './wire.ts';

const now = Date.UTC(2026, 2, 5, 12);
const DAY_MS = 86_400_000;

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ movies: 1_500, now: () => now });
});
afterAll(() => sandbox.stop());
beforeEach(() => sandbox.misbehave([]));

function fileOf(date: number): string {
  const [year, month, day] = new Date(date).toISOString().slice(0, 10).split('-');
  return `/movie_ids_${month}_${day}_${year}.json.gz`;
}
const download = (date = now) => fetch(sandbox.exportUrl + fileOf(date));
const unpack = async (answer: Response) =>
  new TextDecoder().decode(Bun.gunzipSync(await answer.arrayBuffer()));
const linesOf = (text: string) => text.split('\n').filter((line) => line !== '');

test('names every movie once, one JSON object a line, and asks for no key', async () => {
  const answer = await download();
  expect(answer.status).toBe(200);
  const text = await unpack(answer);
  expect(text).toEndWith('}\n');
  const entries = linesOf(text).map((line) => JSON.parse(line) as ExportEntry);
  expect(entries).toHaveLength(1_500);
  expect(new Set(entries.map(({ id }) => id)).size).toBe(1_500);
  for (const entry of entries) {
    expect(Object.keys(entry)).toEqual(['adult', 'id', 'original_title', 'popularity', 'video']);
    const movie = sandbox.catalogue.details(entry.id, []);
    expect(movie).toMatchObject({
      original_title: entry.original_title,
      popularity: entry.popularity,
      adult: entry.adult,
    });
  }
});

test('is there for today and three months back, and refused for other days as its host refuses', async () => {
  for (const days of [0, 1, 45, 90]) expect((await download(now - days * DAY_MS)).status).toBe(200);
  for (const file of [
    fileOf(now + DAY_MS),
    fileOf(now - 120 * DAY_MS),
    '/movie_ids_02_31_2026.json.gz',
    '/x',
  ]) {
    const answer = await fetch(sandbox.exportUrl + file);
    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain('<Code>AccessDenied</Code>');
  }
});

test('can end in the middle of its gzip', async () => {
  sandbox.misbehave([{ kind: 'truncated-gzip', match: '/p/exports' }]);
  const bytes = await (await download()).arrayBuffer();
  expect(() => Bun.gunzipSync(bytes)).toThrow();
});

test('can be a whole gzip whose last line is cut', async () => {
  sandbox.misbehave([{ kind: 'truncated', match: '/p/exports' }]);
  const lines = linesOf(await unpack(await download()));
  expect(lines).toHaveLength(751);
  expect(() => JSON.parse(lines[0] ?? '')).not.toThrow();
  expect(() => JSON.parse(lines.at(-1) ?? '')).toThrow();
});

test('can be short, empty, of another shape, or not there', async () => {
  sandbox.misbehave([{ kind: 'short-list' }]);
  expect(linesOf(await unpack(await download()))).toHaveLength(150);
  sandbox.misbehave([{ kind: 'empty-list' }]);
  expect(await unpack(await download())).toBe('');
  sandbox.misbehave([{ kind: 'wrong-shape' }]);
  expect(linesOf(await unpack(await download()))[0]).toStartWith('[');
  sandbox.misbehave([{ kind: 'vanish' }]);
  expect((await download()).status).toBe(403);
  sandbox.misbehave([{ kind: 'status-503' }]);
  expect((await download()).status).toBe(503);
});

test('is counted apart from the requests that the limit is about', async () => {
  sandbox.resetStats();
  await (await download()).arrayBuffer();
  expect(sandbox.stats()).toMatchObject({
    requests: 1,
    maxInAnySecond: 0,
    byRoute: { 'GET /p/exports/{file}': 1 },
  });
});

test('streams a million lines in bounded memory', async () => {
  const main = Bun.spawn(
    [process.execPath, `${import.meta.dir}/main.ts`, '--movies', '1000000', '--exit-with-parent'],
    { stdin: 'pipe', stdout: 'pipe', env: { ...process.env, NEXUS_REAL_DATA: '' } },
  );
  await using stack = new AsyncDisposableStack();
  stack.defer(async () => {
    await main.stdin.end();
    await main.exited;
  });
  const { value } = await main.stdout.getReader().read();
  const { sandbox: large } = JSON.parse(new TextDecoder().decode(value)) as {
    sandbox: { exportUrl: string };
  };
  const answer = await fetch(large.exportUrl + fileOf(Date.now()));
  let lines = 0;
  for await (const chunk of answer.body?.pipeThrough(new DecompressionStream('gzip')) ?? []) {
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) lines++;
  }
  expect(lines).toBe(1_000_000);
  const status = await Bun.file(`/proc/${main.pid}/status`)
    .text()
    .catch(() => '');
  const peakMib = Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
  // The lines alone are 100 MB; a fresh process without them stands at some 60.
  expect(peakMib).toBeLessThan(300);
}, 120_000);
