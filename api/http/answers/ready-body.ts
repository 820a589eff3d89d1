import type { Viewer } from '../callers/viewer.ts';
import type { Json, Says } from '../contract/answer.ts';

/** A whole answer, whatever is in it. */
export interface ReadyBytes {
  bytes: Uint8Array<ArrayBuffer>;
  etag: string;
  /** `application/json` where it is not said. */
  contentType?: string | undefined;
  /** Headers that only this body has, or that are of the moment. */
  ownHeaders?: (() => Readonly<Record<string, string>>) | undefined;
  /**
   * The same answer as it is by then for the caller, if there is nothing to be done for it: of a body that is kept. It
   * is asked only for callers of the same kind as those who got it (`lane/hot-lane.ts`).
   */
  again?: ((viewer?: Viewer) => ReadyBytes | undefined) | undefined;
}

/**
 * A whole answer as bytes. `data` is the middle of `bytes`, so that it is not held twice. What is in them the compiler
 * knows from the statement that made the JSON.
 */
export interface ReadyBody<Data, Meta> extends ReadyBytes, Says<{ data: Data; meta: Meta }> {
  data: Uint8Array<ArrayBuffer>;
  again?: ((viewer?: Viewer) => ReadyBody<Data, Meta> | undefined) | undefined;
}

const encoder = new TextEncoder();
const opening = encoder.encode('{"status":"success","data":');
const closingOf = (meta: unknown) => `,"meta":${JSON.stringify(meta)}}`;

/** How many bytes before and behind some bytes, in the same memory, nobody reads any more. */
export interface Room {
  before: number;
  after: number;
}

/**
 * @param data JSON: neither parsed nor written again here
 * @param language what was asked for: the ETag is of it, too
 * @param room around `data`, for one body alone: it is written there, if there is enough
 */
export function readyBody<Data, Meta>(
  data: Json<Data>,
  fetchedAtMs: number,
  meta: Meta,
  language = '',
  room?: Room,
): ReadyBody<Data, Meta> {
  // By itself: a text that is put together is copied first, which costs more than to copy the bytes.
  const middle: Uint8Array = typeof data === 'string' ? encoder.encode(data) : data;
  const seed = BigInt(Math.trunc(fetchedAtMs));
  const etag = etagOf(middle, language === '' ? seed : Bun.hash.wyhash(language, seed));
  return bodyOf(joined(middle, closingOf(meta), room), middle.length, etag);
}

interface Insertions {
  /** That of the body, perhaps written otherwise. */
  data: Uint8Array;
  /** Before which bytes of `data`, rising. */
  at: readonly number[];
  /** One for each. */
  texts: readonly Uint8Array[];
  etag: string;
}

/** More data, put in between that of `body`, under its `meta`. */
export function withInsertions<Data, Meta>(
  body: ReadyBody<Data, Meta>,
  { data, at, texts, etag }: Insertions,
): ReadyBody<Data, Meta> {
  const closing = body.bytes.subarray(opening.length + body.data.length);
  const length = texts.reduce((sum, text) => sum + text.length, data.length);
  const bytes = new Uint8Array(opening.length + length + closing.length);
  bytes.set(opening);
  let from = 0;
  let to = opening.length;
  for (const [index, text] of texts.entries()) {
    const until = at[index] ?? from;
    bytes.set(data.subarray(from, until), to);
    to += until - from;
    bytes.set(text, to);
    to += text.length;
    from = until;
  }
  bytes.set(data.subarray(from), to);
  bytes.set(closing, opening.length + length);
  return bodyOf(bytes, length, etag);
}

/** The same data under another `meta`. */
export function withMeta<Data, Meta>(body: ReadyBody<Data, Meta>, meta: Meta): ReadyBody<Data, Meta> {
  const bytes = joined(body.data, closingOf(meta));
  const made = bodyOf<Data, Meta>(bytes, body.data.length, body.etag);
  made.again = body.again;
  return made;
}

/** To take a part of bytes costs more than to hash them, and most bodies are sent as they are: only when asked for. */
function bodyOf<Data, Meta>(bytes: Uint8Array<ArrayBuffer>, length: number, etag: string) {
  let data: Uint8Array<ArrayBuffer> | undefined;
  return {
    bytes,
    etag,
    get data() {
      data ??= bytes.subarray(opening.length, opening.length + length);
      return data;
    },
  } as ReadyBody<Data, Meta>;
}

/** A body that is kept keeps all the memory that it is a part of: no more than this may be of others. */
const mostUnusedBytes = 512;

function joined(data: Uint8Array, closing: string, room?: Room): Uint8Array<ArrayBuffer> {
  const end = opening.length + data.length;
  const closingLength = Buffer.byteLength(closing);
  const length = end + closingLength;
  const isRoomy =
    room !== undefined &&
    room.before >= opening.length &&
    room.after >= closingLength &&
    data.buffer.byteLength <= length + mostUnusedBytes;
  const bytes = isRoomy
    ? Buffer.from(data.buffer as ArrayBuffer, data.byteOffset - opening.length, length)
    : Buffer.allocUnsafeSlow(length);
  bytes.set(opening);
  if (!isRoomy) bytes.set(data, opening.length);
  bytes.write(closing, end);
  return bytes;
}

/** Weak: `meta` ages while data and the time of its fetching stay. */
function etagOf(data: Uint8Array, seed: bigint): string {
  const hash = Bun.hash.wyhash(data, seed);
  return `W/"${hash.toString(36)}"`;
}
