import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { LRUCache } from 'lru-cache';

/** How answers are packed. Both are about as small; zstd takes a third of the time to unpack. */
export type Packing = 'gzip' | 'zstd';

const gzipBytes = promisify(gzip);
/** Middling levels: the last few percent cost as much time as all the rest. */
const levels: Readonly<Record<Packing, number>> = { gzip: 5, zstd: 3 };
/** For about half of the time, and up to a fifth more bytes: where packing so many would be most of an answer. */
const quickLevels: Readonly<Record<Packing, number>> = { gzip: 2, zstd: 1 };
const quickFromBytes = 128 * 1024;

const packBytes: Readonly<Record<Packing, (bytes: Uint8Array, level: number) => Promise<Uint8Array>>> = {
  gzip: (bytes, level) => gzipBytes(bytes, { level }),
  // The same of `node:zlib` takes four times as long for a small answer.
  zstd: (bytes, level) => Bun.zstdCompress(bytes, { level }),
};

/** Smaller answers fit into a packet or two anyway. */
export const leastPackedBytes = 2048;

/** What a body takes in a cache, with its packed forms and what surrounds it. */
export const sizeInCache = ({ bytes }: { bytes: Uint8Array }): number =>
  Math.ceil(1.6 * bytes.byteLength) + 400;

type Bytes = Uint8Array<ArrayBuffer>;

/** Packed forms live as long as the bytes they were made of: a body in a cache is packed once. */
const known: Readonly<Record<Packing, WeakMap<Uint8Array, Bytes | Promise<Bytes>>>> = {
  gzip: new WeakMap(),
  zstd: new WeakMap(),
};

/** `bytes` packed: at once where that was done before, else made off the main thread, once for all who ask meanwhile. */
export function packed(bytes: Uint8Array, packing: Packing = 'gzip'): Bytes | Promise<Bytes> {
  const forms = known[packing];
  const before = forms.get(bytes);
  if (before !== undefined) return before;
  const level = (bytes.length < quickFromBytes ? levels : quickLevels)[packing];
  const made = packBytes[packing](bytes, level).then((form) => {
    // In memory of its own: what the library hands out may be part of a larger pool.
    const own = new Uint8Array(form);
    forms.set(bytes, own);
    return own;
  });
  made.catch(() => forms.delete(bytes));
  forms.set(bytes, made);
  return made;
}

/** Packs `bytes` in each way in which somebody wanted `last`: who asks for what takes its place need not wait either. */
export async function packLike(bytes: Uint8Array, last: Uint8Array): Promise<void> {
  const wanted = (['gzip', 'zstd'] as const).filter((packing) => known[packing].has(last));
  await Promise.all(wanted.map((packing) => packed(bytes, packing)));
}

const remembered = { headers: 1000, longest: 200 };
const headers = new LRUCache<string, { packing: Packing | undefined }>({ max: remembered.headers });

/** How an answer is packed for a caller, by `Accept-Encoding`; `undefined`: not at all. */
export function packingFor(request: Request): Packing | undefined {
  const header = request.headers.get('accept-encoding');
  if (header === null) return undefined;
  const known = headers.get(header);
  if (known !== undefined) return known.packing;
  const packing = readAccepted(header);
  if (header.length <= remembered.longest) headers.set(header, { packing });
  return packing;
}

/** More are no preference, but a way to make others wait. */
const most = { entries: 50, parameters: 4 };

/** Zstd where it is named and wanted no less than gzip. `*` stands for gzip, which all can unpack. */
function readAccepted(header: string): Packing | undefined {
  const qualities = new Map(header.toLowerCase().split(',', most.entries).map(qualityOf));
  const zstd = qualities.get('zstd') ?? 0;
  const gzip = qualities.get('gzip') ?? qualities.get('x-gzip') ?? qualities.get('*') ?? 0;
  if (zstd > 0 && zstd >= gzip) return 'zstd';
  return gzip > 0 ? 'gzip' : undefined;
}

function qualityOf(part: string): [string, number] {
  const [name = '', ...parameters] = part.split(';', most.parameters).map((each) => each.trim());
  const quality = parameters.find((each) => each.startsWith('q='))?.slice(2);
  return [name, quality === undefined ? 1 : Number(quality) || 0];
}
