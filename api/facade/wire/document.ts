import { addVary } from '../../http/answers/add-vary.ts';
import { leastPackedBytes, packed, packingFor } from '../../http/answers/packed.ts';
import type { ReadyBytes } from '../../http/answers/ready-body.ts';
import { matchesEtag } from '../../http/answers/send-ready.ts';
import { openHeaders } from './open-headers.ts';

/** What an answer rests on. */
export interface Basis {
  /** When TMDb gave the oldest part of it, in epoch milliseconds. */
  fetchedAtMs?: number | undefined;
  /** Of how much it was chosen, as `X-Nexus-Coverage` says it. */
  coverage?: string | undefined;
}

/** An answer of `/3`, ready to be sent. */
export interface ReadyDocument extends ReadyBytes {
  maxAgeSeconds: number;
}

/** JSON, also as UTF-8, and what it rests on where that is known. */
export interface MadeDocument extends Basis {
  text: string | Uint8Array<ArrayBuffer>;
}

const encoder = new TextEncoder();

export function documentOf(text: MadeDocument['text'], maxAgeSeconds: number): ReadyDocument {
  const bytes = typeof text === 'string' ? encoder.encode(text) : text;
  const etag = `W/"${Bun.hash.wyhash(bytes).toString(36)}"`;
  return { bytes, etag, contentType: 'application/json;charset=utf-8', maxAgeSeconds };
}

/** The headers that say what an answer rests on. */
export function basisHeaders({ fetchedAtMs, coverage }: Basis, nowMs: number): Record<string, string> {
  const headers: Record<string, string> = {};
  if (fetchedAtMs !== undefined)
    headers['x-nexus-age'] = String(Math.max(0, Math.floor((nowMs - fetchedAtMs) / 1000)));
  if (coverage !== undefined) headers['x-nexus-coverage'] = coverage;
  return headers;
}

export interface Exchange {
  request: Request;
  set: { headers: Record<string, string | number | undefined>; status?: number | string };
}

/** Bytes, packed for whoever can unpack them, or 304 for whoever has them already. */
export function sendDocument(
  { request, set }: Exchange,
  { bytes, etag, contentType, maxAgeSeconds, ownHeaders }: ReadyDocument,
): unknown {
  const { headers } = set;
  Object.assign(headers, openHeaders, ownHeaders?.());
  headers.etag = etag;
  headers['cache-control'] = maxAgeSeconds > 0 ? `public, max-age=${maxAgeSeconds}` : 'no-store';
  // A key may come in the header: what it opens is not for whoever has none.
  addVary(headers, 'Authorization');
  const isLong = bytes.length >= leastPackedBytes;
  if (isLong) addVary(headers, 'Accept-Encoding');
  const known = request.headers.get('if-none-match');
  if (known !== null && matchesEtag(known, etag)) return new Response(null, { status: 304 });
  headers['content-type'] = contentType;
  const packing = isLong ? packingFor(request) : undefined;
  if (packing === undefined) return bytes;
  headers['content-encoding'] = packing;
  return packed(bytes, packing);
}
