import { refuse } from './errors.ts';
import type { FaultKind, FaultRule } from './faults.ts';

const HUGE_BYTES = 40 * 1024 * 1024;
const DEFAULT_DELAY_MS = 1_000;

const html = (status: number) =>
  new Response('<html><head><title>Bad gateway</title></head><body><h1>Bad gateway</h1></body></html>\n', {
    status,
    headers: { 'content-type': 'text/html' },
  });

/** An answer that never ends in memory: the beginning of a movie and then one endless text. */
function hugeBody(): ReadableStream<Uint8Array> {
  const block = new TextEncoder().encode('x'.repeat(256 * 1024));
  let sent = 0;
  return new ReadableStream({
    pull(controller) {
      controller.enqueue(sent === 0 ? new TextEncoder().encode('{"id":550,"overview":"') : block);
      sent += block.length;
      if (sent > HUGE_BYTES) controller.close();
    },
  });
}

/** Erroring a body before its first byte makes the server drop the connection without an answer. */
function resetConnection(): Response {
  return new Response(new ReadableStream({ start: (controller) => controller.error() }));
}

/** Faults that answer by themselves, whatever was asked. */
const standIns: Partial<Record<FaultKind, (rule: FaultRule) => Response>> = {
  'status-500': () => refuse(11),
  'status-503': () => refuse(9),
  'rate-limited': () => refuse(25),
  'rate-limited-retry-after': ({ retryAfter = 1 }) => refuse(25, { 'retry-after': String(retryAfter) }),
  html: () => html(502),
  'html-200': () => html(200),
  'wrong-shape': () =>
    Response.json({ id: 'five hundred', title: 42, results: { page: 'one' }, genres: 'none' }),
  vanish: () => refuse(34),
  'bad-key': () => refuse(7),
  'suspended-key': () => refuse(10),
  'id-invalid': () => refuse(44),
  'entry-not-found-200': () => refuse(21),
  reset: resetConnection,
  huge: () => new Response(hugeBody(), { headers: { 'content-type': 'application/json' } }),
};

const json = (bytes: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
  new Response(bytes, { headers: { 'content-type': 'application/json;charset=utf-8', ...headers } });

/** Cuts every list of a body to its first rows; with 0 the totals say none as well. */
function cutLists(text: string, keep: number): Response {
  const body: unknown = JSON.parse(text);
  const cut = JSON.stringify(body, (key, value: unknown) => {
    if (Array.isArray(value)) return value.slice(0, keep);
    return keep === 0 && key === 'total_results' ? 0 : value;
  });
  return json(cut);
}

/** Faults that spoil the true answer. */
const spoilers: Partial<Record<FaultKind, (text: string) => Response>> = {
  truncated: (text) => json(Buffer.from(text).subarray(0, Buffer.byteLength(text) >> 1)),
  'truncated-gzip': (text) => {
    const packed = Bun.gzipSync(Buffer.from(text));
    return json(packed.subarray(0, packed.length >> 1), { 'content-encoding': 'gzip' });
  },
  'gzip-without-header': (text) => json(Bun.gzipSync(Buffer.from(text))),
  'empty-list': (text) => cutLists(text, 0),
  'short-list': (text) => cutLists(text, 3),
};

/** Waits until the asker gives up; there is no answer, but the server wants one to close with. */
function untilAborted(signal: AbortSignal): Promise<Response> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(new Response(null, { status: 499 })), { once: true });
  });
}

export async function misbehaveAs(
  rule: FaultRule,
  signal: AbortSignal,
  answer: () => Response | Promise<Response>,
): Promise<Response> {
  if (rule.kind === 'hang') return untilAborted(signal);
  if (rule.kind === 'slow') {
    await Bun.sleep(rule.delayMs ?? DEFAULT_DELAY_MS);
    return answer();
  }
  const standIn = standIns[rule.kind];
  if (standIn) return standIn(rule);
  const truth = await answer();
  const spoil = spoilers[rule.kind];
  return spoil && truth.ok ? spoil(await truth.text()) : truth;
}
