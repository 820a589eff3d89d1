import type { ShownFailure } from '../../http/failures/error-answerer.ts';
import { retryHeaders } from '../../http/failures/retry-seconds.ts';
import { isFacadePath, openHeaders } from './open-headers.ts';
import { failureBody, httpOf, type TmdbCode, tmdbCodes } from './tmdb-failure.ts';

/** What is not there may be soon: it is kept by nobody for longer than this. */
const absentForSeconds = 60;

interface FailureResponse {
  code: TmdbCode;
  retryAfterMs?: number | undefined;
}

/** The headers of a failure, in TMDb's form. */
export function failureResponse({ code, retryAfterMs }: FailureResponse): Response {
  const http = httpOf(code);
  return new Response(failureBody(code), {
    status: http,
    headers: {
      ...openHeaders,
      ...retryHeaders(http, retryAfterMs),
      'content-type': 'application/json;charset=utf-8',
      'cache-control': http === 404 ? `public, max-age=${absentForSeconds}` : 'no-store',
    },
  });
}

/** What is shown in place of our envelope under `/3`; `undefined` for every other path. */
export function facadeFailure({ request, error, requestId }: ShownFailure): Response | undefined {
  if (!isFacadePath(request.url)) return undefined;
  const response = failureResponse({ code: tmdbCodes[error.code], retryAfterMs: error.retryAfterMs });
  response.headers.set('x-request-id', requestId);
  return response;
}
