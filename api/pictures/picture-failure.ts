import type { ShownFailure } from '../http/failures/error-answerer.ts';
import { retryHeaders } from '../http/failures/retry-seconds.ts';
import { pathOf } from '../http/input/path-of.ts';
import { picturesPath } from '../http/input/picture-base.ts';

/** Whether a request is for a picture. */
export const isPicturePath = (url: string): boolean => pathOf(url).startsWith(`${picturesPath}/`);

/** What is said in place of our envelope where a picture was wanted: a line of text. `undefined` for every other path. */
export function pictureFailure({ request, error, http, requestId }: ShownFailure): Response | undefined {
  if (!isPicturePath(request.url)) return undefined;
  return new Response(`${error.message}\n`, {
    status: http,
    headers: {
      ...openPictureHeaders,
      ...retryHeaders(http, error.retryAfterMs),
      'content-type': 'text/plain; charset=utf-8',
      'cache-control': 'no-store',
      'x-request-id': requestId,
    },
  });
}

/** Pages of any origin may show them, and read their pixels, as at TMDb. */
export const openPictureHeaders = {
  'access-control-allow-origin': '*',
  'cross-origin-resource-policy': 'cross-origin',
} as const;
