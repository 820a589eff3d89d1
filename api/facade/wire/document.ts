import { addVary } from '../../http/answers/add-vary.ts';
import { acceptsGzip, leastPackedBytes, packed } from '../../http/answers/packed.ts';
import { matchesEtag } from '../../http/answers/send-ready.ts';
import { openHeaders } from './open-headers.ts';

/** An answer of `/3`, ready to be sent. */
export interface ReadyDocument {
  bytes: Uint8Array<ArrayBuffer>;
  etag: string;
  maxAgeSeconds: number;
}

const encoder = new TextEncoder();

/** @param text JSON */
export function documentOf(text: string, maxAgeSeconds: number): ReadyDocument {
  const bytes = encoder.encode(text);
  return { bytes, etag: `W/"${Bun.hash.wyhash(bytes).toString(36)}"`, maxAgeSeconds };
}

export interface Exchange {
  request: Request;
  set: { headers: Record<string, string | number | undefined>; status?: number | string };
}

/** Bytes, packed for whoever can unpack them, or 304 for whoever has them already. */
export function sendDocument(
  { request, set }: Exchange,
  { bytes, etag, maxAgeSeconds }: ReadyDocument,
): unknown {
  const { headers } = set;
  Object.assign(headers, openHeaders);
  headers.etag = etag;
  headers['cache-control'] = maxAgeSeconds > 0 ? `public, max-age=${maxAgeSeconds}` : 'no-store';
  // A key may come in the header: what it opens is not for whoever has none.
  addVary(headers, 'Authorization');
  const isLong = bytes.length >= leastPackedBytes;
  if (isLong) addVary(headers, 'Accept-Encoding');
  const known = request.headers.get('if-none-match');
  if (known !== null && matchesEtag(known, etag)) return new Response(null, { status: 304 });
  headers['content-type'] = 'application/json;charset=utf-8';
  if (!isLong || !acceptsGzip(request)) return bytes;
  headers['content-encoding'] = 'gzip';
  return packed(bytes);
}
