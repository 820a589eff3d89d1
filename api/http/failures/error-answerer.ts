import { status } from 'elysia';
import { NexusError } from '#shared/errors.ts';
import type { Log } from '#shared/log.ts';
import { loggedPath } from '../input/logged-path.ts';
import { pathOf } from '../input/path-of.ts';
import { allowedMethods } from './allowed-methods.ts';
import { type CallerError, callerErrorOf } from './caller-error.ts';
import type { FailureAnswer } from './failure-answer.ts';
import { nexusErrorOf } from './nexus-error-of.ts';
import { retryHeaders } from './retry-seconds.ts';
import { statusOf } from './status-of.ts';

type Headers = Record<string, string | number | undefined>;

export interface FailedExchange {
  /** The framework's own name for it, if it has one. */
  code?: string | number;
  error: unknown;
  request: Request;
  set: { headers: Headers; status?: number | string };
}

export type AnswerError = ReturnType<typeof createErrorAnswerer>;

/** A failure as it is shown to a caller. */
export interface ShownFailure {
  request: Request;
  error: CallerError;
  http: number;
  requestId: string;
}

interface ErrorAnswererOptions {
  log: Log;
  /** What is shown to a person with a browser in place of the envelope; `undefined` for whatever is no page. */
  pageOf?: (failure: ShownFailure) => Response | undefined;
  /** The finished table of routes: asked for when the first unknown one comes. */
  routes: () => readonly { method: string; path: string }[];
}

/** The one place where a failure becomes an answer, on every route, known or unknown. */
export function createErrorAnswerer({ log, pageOf, routes }: ErrorAnswererOptions) {
  let methodsOf: ((path: string) => string[]) | undefined;

  const ofUnknownRoute = (request: Request, headers: Headers): NexusError | undefined => {
    methodsOf ??= allowedMethods(routes());
    const methods = methodsOf(pathOf(request.url));
    if (methods.length === 0 || (methods.includes(request.method) && request.method !== 'OPTIONS'))
      return new NexusError('route_not_found', 'There is nothing at this address.');
    headers.allow = methods.join(', ');
    return request.method === 'OPTIONS'
      ? undefined
      : new NexusError('method_not_allowed', `This address does not support ${methodName(request.method)}.`);
  };

  const answer = ({ code = 'UNKNOWN', error, request, set }: FailedExchange) => {
    const found = code === 'NOT_FOUND' ? ofUnknownRoute(request, set.headers) : nexusErrorOf({ code, error });
    if (found === undefined) return sentAs(set, new Response(null, { status: 204 }));
    const shown = callerErrorOf(found);
    const http = statusOf[shown.code];
    const requestId = String(set.headers['x-request-id'] ?? '');
    report(log, { found, http, requestId, request });
    set.headers['cache-control'] = 'no-store';
    const page = pageOf?.({ request, error: shown, http, requestId });
    if (page !== undefined) return sentAs(set, page);
    if (http === 401) set.headers['www-authenticate'] = 'Bearer';
    Object.assign(set.headers, retryHeaders(http, shown.retryAfterMs));
    // What failed may have been on its way to be a page, a script or a picture.
    delete set.headers['content-type'];
    return status(http, envelopeOf(shown, requestId));
  };
  return answer as (failed: FailedExchange) => ReturnType<typeof answer> & FailureAnswer;
}

/** What counts answers never sees this one, but only what the framework made of the failure: so it is said there, too. */
function sentAs(set: FailedExchange['set'], answer: Response): Response {
  set.status = answer.status;
  return answer;
}

function envelopeOf(error: CallerError, requestId: string) {
  return {
    status: 'error' as const,
    message: error.message,
    code: error.code,
    request_id: requestId,
    ...(error.details === undefined ? {} : { details: error.details }),
  };
}

interface Failure {
  found: NexusError;
  http: number;
  requestId: string;
  request: Request;
}

function report(log: Log, { found, http, requestId, request }: Failure): void {
  const line = {
    request_id: requestId,
    method: request.method,
    path: loggedPath(request.url),
    status: http,
    code: found.code,
  };
  // Refused on purpose, because of overload: not a fault, and nothing to investigate.
  if (found.code === 'unavailable' && found.cause === undefined) log.debug(line, 'request refused');
  else if (http >= 500 && !found.code.startsWith('upstream'))
    log.error({ ...line, err: found.cause ?? found }, 'request failed');
  else if (http >= 500) log.warn(line, 'request failed');
  else log.debug(line, 'request refused');
}

/** Methods are shown only as far as they look like one. */
const methodName = (method: string) => (/^[A-Z]{1,16}$/.test(method) ? method : 'this method');
