import type { JsonText, Says } from '../contract/answer.ts';

/** A whole answer, whatever is in it. */
export interface ReadyBytes {
  bytes: Uint8Array<ArrayBuffer>;
  etag: string;
  /**
   * The same answer as it is by then, if there is nothing to be done for it: of a body that is kept. Whoever got it
   * without signing in gets this one, too (`lane/hot-lane.ts`).
   */
  again?: (() => ReadyBytes | undefined) | undefined;
}

/**
 * A whole answer as bytes. `data` is the middle of `bytes`, so that it is not held twice. What is in them the compiler
 * knows from the statement that made the JSON.
 */
export interface ReadyBody<Data, Meta> extends ReadyBytes, Says<{ data: Data; meta: Meta }> {
  data: Uint8Array<ArrayBuffer>;
}

const encoder = new TextEncoder();
const opening = encoder.encode('{"status":"success","data":');

/**
 * @param data JSON as text: neither parsed nor written again here
 * @param language what was asked for: the ETag is of it, too
 */
export function readyBody<Data, Meta>(
  data: JsonText<Data>,
  fetchedAtMs: number,
  meta: Meta,
  language = '',
): ReadyBody<Data, Meta> {
  const text = encoder.encode(data);
  const seed = BigInt(Math.trunc(fetchedAtMs));
  return bodyOf(around(text, meta), etagOf(text, language === '' ? seed : Bun.hash.wyhash(language, seed)));
}

/** Other data, made from that of `body`, under its `meta`: the ETag is of both, and of when it was fetched. */
export function withData<Data, Meta>(
  body: ReadyBody<Data, Meta>,
  data: JsonText<Data>,
): ReadyBody<Data, Meta> {
  const text = encoder.encode(data);
  const closing = body.bytes.subarray(opening.length + body.data.length);
  return bodyOf(joined(text, closing), etagOf(text, Bun.hash.wyhash(body.etag)));
}

/** The same data under another `meta`. */
export function withMeta<Data, Meta>(body: ReadyBody<Data, Meta>, meta: Meta): ReadyBody<Data, Meta> {
  return { ...bodyOf<Data, Meta>(around(body.data, meta), body.etag), again: body.again };
}

interface Envelope {
  bytes: Uint8Array<ArrayBuffer>;
  data: Uint8Array<ArrayBuffer>;
}

const bodyOf = <Data, Meta>({ bytes, data }: Envelope, etag: string) =>
  ({ bytes, data, etag }) as ReadyBody<Data, Meta>;

function around(data: Uint8Array, meta: unknown): Envelope {
  return joined(data, encoder.encode(`,"meta":${JSON.stringify(meta)}}`));
}

function joined(data: Uint8Array, closing: Uint8Array): Envelope {
  const bytes = new Uint8Array(opening.length + data.length + closing.length);
  bytes.set(opening);
  bytes.set(data, opening.length);
  bytes.set(closing, opening.length + data.length);
  return { bytes, data: bytes.subarray(opening.length, opening.length + data.length) };
}

/** Weak: `meta` ages while data and the time of its fetching stay. */
function etagOf(data: Uint8Array, seed: bigint): string {
  const hash = Bun.hash.wyhash(data, seed);
  return `W/"${hash.toString(36)}"`;
}
