import type { Viewer } from '../callers/viewer.ts';
import type { Answer } from '../contract/answer.ts';
import { addVary } from './add-vary.ts';
import { type OthersOf, rememberAgain } from './had-again.ts';
import { leastPackedBytes, packed, packingFor } from './packed.ts';
import type { ReadyBody } from './ready-body.ts';
import { setLanguage } from './set-language.ts';

interface Exchange {
  request: Request;
  set: { headers: Record<string, string | number | undefined>; status?: number | string };
  viewer?: Viewer | undefined;
}

interface SendOptions {
  /** What it was written for, by the query or by `Accept-Language`: `xx-YY`. */
  language?: string | undefined;
  /** False for what is only shown because TMDb is away: it should be replaced as soon as TMDb is back. */
  cacheable?: boolean;
  /** What this answer teaches of others of its route. */
  others?: OthersOf | undefined;
}

/**
 * Answers with bytes that are ready, packed for whoever can unpack them, or with 304 to whoever has them already. The
 * ETag is weak, so it holds for both forms.
 */
export function sendReady<Data, Meta>(
  { request, set, viewer }: Exchange,
  body: ReadyBody<Data, Meta>,
  { cacheable = true, language, others }: SendOptions = {},
): Answer<Data, Meta> {
  const { headers } = set;
  headers.etag = body.etag;
  headers['cache-control'] = cacheControlOf(viewer, cacheable);
  // Whether or not there is one now: a shared cache must not give one caller's answer to another.
  addVary(headers, 'Authorization');
  if (language !== undefined) setLanguage(headers, language);
  const { bytes, again } = body;
  if (again !== undefined && cacheable) rememberAgain(request, { again, viewer, others });
  const isLong = bytes.length >= leastPackedBytes;
  if (isLong) addVary(headers, 'Accept-Encoding');
  const known = request.headers.get('if-none-match');
  if (known !== null && matchesEtag(known, body.etag)) return new Response(null, { status: 304 }) as never;
  headers['content-type'] = 'application/json';
  const packing = isLong ? packingFor(request) : undefined;
  if (packing === undefined) return bytes as never;
  headers['content-encoding'] = packing;
  // A promise only for whoever is the first to want it packed.
  return packed(bytes, packing) as never;
}

/** Who is signed in asks again each time: what they have just said of a movie is part of the answer. */
function cacheControlOf(viewer: Viewer | undefined, cacheable: boolean): string {
  if (viewer !== undefined) return 'private, no-cache';
  return cacheable ? 'public, max-age=60' : 'no-cache';
}

/** Whether `If-None-Match` names this ETag: `*` or a list, compared weakly. */
export function matchesEtag(header: string, etag: string): boolean {
  if (header === etag || header.trim() === '*') return true;
  const wanted = etag.replace(/^W\//, '');
  let from = 0;
  let isOutside = true;
  // A list may be as long as headers can be: it is searched, and never taken apart.
  for (let at = header.indexOf(wanted); at !== -1; at = header.indexOf(wanted, at + 1)) {
    for (; from < at; from++) if (header[from] === '"') isOutside = !isOutside;
    if (isOutside) return true;
  }
  return false;
}
