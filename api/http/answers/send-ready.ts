import type { Viewer } from '../callers/viewer.ts';
import { addVary } from './add-vary.ts';
import { matchesEtag } from './matches-etag.ts';
import type { ReadyBody } from './ready-body.ts';

interface Exchange {
  request: Request;
  set: { headers: Record<string, string | number | undefined>; status?: number | string };
  viewer?: Viewer | undefined;
}

interface SendOptions {
  /** False for what is only shown because TMDb is away: it should be replaced as soon as TMDb is back. */
  cacheable?: boolean;
}

/** Answers with bytes that are ready, or with 304 to whoever has them already. */
export function sendReady(
  { request, set, viewer }: Exchange,
  body: ReadyBody,
  { cacheable = true }: SendOptions = {},
): Uint8Array<ArrayBuffer> | Response {
  const { headers } = set;
  headers.etag = body.etag;
  headers['cache-control'] = cacheControlOf(viewer, cacheable);
  // Whether or not there is one now: a shared cache must not give one caller's answer to another.
  addVary(headers, 'Authorization');
  const known = request.headers.get('if-none-match');
  if (known !== null && matchesEtag(known, body.etag)) return new Response(null, { status: 304 });
  headers['content-type'] = 'application/json';
  return body.bytes;
}

/** Who is signed in asks again each time: what they have just said of a movie is part of the answer. */
function cacheControlOf(viewer: Viewer | undefined, cacheable: boolean): string {
  if (viewer !== undefined) return 'private, no-cache';
  return cacheable ? 'public, max-age=60' : 'no-cache';
}
