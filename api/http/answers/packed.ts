import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

const gzipBytes = promisify(gzip);

/** Smaller answers fit into a packet or two anyway. */
export const leastPackedBytes = 2048;
/** A middling level: the last few percent cost as much time as all the rest. */
const level = 5;

/** What a body takes in a cache, with its packed form and what surrounds it. */
export const sizeInCache = ({ bytes }: { bytes: Uint8Array }): number =>
  Math.ceil(1.3 * bytes.byteLength) + 400;

type Bytes = Uint8Array<ArrayBuffer>;

/** Packed forms live as long as the bytes they were made of: a body in a cache is packed once. */
const known = new WeakMap<Uint8Array, Bytes | Promise<Bytes>>();

/** `bytes` in gzip: at once where that was done before, else made off the main thread, once for all who ask meanwhile. */
export function packed(bytes: Uint8Array): Bytes | Promise<Bytes> {
  const before = known.get(bytes);
  if (before !== undefined) return before;
  const packing = gzipBytes(bytes, { level }).then((made) => {
    // In memory of its own: what the library hands out may be part of a larger pool.
    const own = new Uint8Array(made);
    known.set(bytes, own);
    return own;
  });
  packing.catch(() => known.delete(bytes));
  known.set(bytes, packing);
  return packing;
}

/** Whether a caller can unpack gzip. */
export function acceptsGzip(request: Request): boolean {
  const header = request.headers.get('accept-encoding');
  if (header === null) return false;
  // What nearly every client sends is decided without taking it apart.
  if (!header.includes(';')) return /(^|[\s,])(gzip|x-gzip|\*)($|[\s,])/i.test(header);
  const qualities = new Map(header.toLowerCase().split(',').map(qualityOf));
  return (qualities.get('gzip') ?? qualities.get('x-gzip') ?? qualities.get('*') ?? 0) > 0;
}

function qualityOf(part: string): [string, number] {
  const [name = '', ...parameters] = part.split(';').map((each) => each.trim());
  const quality = parameters.find((each) => each.startsWith('q='))?.slice(2);
  return [name, quality === undefined ? 1 : Number(quality) || 0];
}
