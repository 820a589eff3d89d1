/** A whole answer as bytes. `data` is the middle of `bytes`, so that it is not held twice. */
export interface ReadyBody {
  bytes: Uint8Array<ArrayBuffer>;
  data: Uint8Array<ArrayBuffer>;
  etag: string;
}

const encoder = new TextEncoder();
const opening = encoder.encode('{"status":"success","data":');

/** @param data JSON as the database wrote it: neither parsed nor written again here */
export function readyBody(data: string, fetchedAtMs: number, meta: object): ReadyBody {
  const text = encoder.encode(data);
  return { ...around(text, meta), etag: etagOf(text, BigInt(Math.trunc(fetchedAtMs))) };
}

/** Other data, made from that of `body`, under its `meta`: the ETag is of both, and of when it was fetched. */
export function withData(body: ReadyBody, data: string): ReadyBody {
  const text = encoder.encode(data);
  const closing = body.bytes.subarray(opening.length + body.data.length);
  return { ...joined(text, closing), etag: etagOf(text, Bun.hash.wyhash(body.etag)) };
}

/** The same data under another `meta`. */
export function withMeta(body: ReadyBody, meta: object): ReadyBody {
  return { ...around(body.data, meta), etag: body.etag };
}

function around(data: Uint8Array, meta: object): Omit<ReadyBody, 'etag'> {
  return joined(data, encoder.encode(`,"meta":${JSON.stringify(meta)}}`));
}

function joined(data: Uint8Array, closing: Uint8Array): Omit<ReadyBody, 'etag'> {
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
