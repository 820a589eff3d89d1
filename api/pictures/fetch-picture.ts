import { isWholePicture, pictureTypeOf } from './picture-type.ts';

/** Larger ones are not served: TMDb's originals have a few megabytes. */
export const mostPictureBytes = 16 * 1024 * 1024;
const timeoutMs = 10_000;
const mostRedirects = 2;

export interface FetchedPicture {
  bytes: Uint8Array<ArrayBuffer>;
  type: string;
}

/** `absent`: there is no such picture. `refused`: what came is none. `away`: nothing came in time. */
export type FetchOutcome = FetchedPicture | 'absent' | 'refused' | 'away';

/**
 * One picture from where TMDb has them: without a credential, at no other host, and never longer or larger than the
 * bounds. Nothing of the caller's request goes along.
 */
export async function fetchPicture(url: string, stopping: AbortSignal): Promise<FetchOutcome> {
  const signal = AbortSignal.any([stopping, AbortSignal.timeout(timeoutMs)]);
  try {
    const response = await followAtHome(url, signal);
    if (response === undefined) return 'refused';
    const { status } = response;
    if (status === 200) return await readPicture(response);
    void response.body?.cancel().catch(() => {});
    if (status === 404 || status === 410) return 'absent';
    return status >= 500 || status === 429 ? 'away' : 'refused';
  } catch {
    return 'away';
  }
}

/** @returns `undefined` for what leads to another host, or on and on */
async function followAtHome(first: string, signal: AbortSignal): Promise<Response | undefined> {
  let url = first;
  for (let turn = 0; turn <= mostRedirects; turn++) {
    const response = await fetch(url, {
      signal,
      redirect: 'manual',
      headers: { accept: 'image/*' },
    });
    if (response.status < 300 || response.status >= 400) return response;
    void response.body?.cancel().catch(() => {});
    const next = URL.parse(response.headers.get('location') ?? '', url);
    if (next === null || next.origin !== new URL(first).origin) return undefined;
    url = next.href;
  }
  return undefined;
}

async function readPicture(response: Response): Promise<FetchOutcome> {
  const said = response.headers.get('content-length');
  const isImage = /^image\/(?:jpeg|png|webp|svg\+xml)\b/i.test(response.headers.get('content-type') ?? '');
  if (!isImage || Number(said ?? 0) > mostPictureBytes || response.body === null) {
    void response.body?.cancel().catch(() => {});
    return 'refused';
  }
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of response.body) {
    length += piece.length;
    // Leaving the loop ends the connection.
    if (length > mostPictureBytes) return 'refused';
    pieces.push(piece);
  }
  const isPacked = response.headers.has('content-encoding');
  if (said !== null && !isPacked && Number(said) !== length) return 'away';
  const bytes = new Uint8Array(Buffer.concat(pieces));
  const type = pictureTypeOf(bytes);
  if (type === undefined) return 'refused';
  return isWholePicture(bytes, type) ? { bytes, type } : 'away';
}
