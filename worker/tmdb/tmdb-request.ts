import type { TmdbCredential } from '#shared/config.ts';
import { codeOf } from '#shared/errors.ts';
import { noteMovement } from '#shared/movement.ts';
import type { Tracing } from '#shared/tracing/tracing.ts';
import { authorize, rejectionReason } from './credential.ts';
import { type Fetch, getJson, type HttpAnswer } from './http.ts';
import type { RequestCounter } from './request-stats.ts';
import { retryAfterMs } from './retry-after.ts';
import { classifyAnswer } from './upstream/classify.ts';
import { upstreamError } from './upstream/upstream-error.ts';
import type { UpstreamStatus } from './upstream/upstream-status.ts';

export interface Endpoint {
  /** `/movie/{id}`: for counting and for the log. */
  template: string;
  path: string;
  query?: Record<string, string>;
  /** Its answer may be a bare list: of all others that is trouble on the way. */
  mayBeList?: true;
}

export interface RequestDependencies {
  baseUrl: string;
  credential: TmdbCredential | undefined;
  status: UpstreamStatus;
  counter: RequestCounter;
  tracing?: Tracing | undefined;
  fetch: Fetch;
  timeoutMs: number;
  maxResponseBytes: number;
}

/** @param answered is called when the answer begins */
export type SendRequest = (
  endpoint: Endpoint,
  signal: AbortSignal,
  answered?: () => void,
) => Promise<unknown>;

/** One request to TMDb, classified, counted and reported: gives the body, or throws a `NexusError`. */
export function createSendRequest(deps: RequestDependencies): SendRequest {
  const { status, counter, timeoutMs, maxResponseBytes: maxBytes, fetch } = deps;
  return async (endpoint, signal, answered) => {
    const url = urlOf(deps.baseUrl, endpoint);
    const headers = { accept: 'application/json', ...authorize(url, deps.credential) };
    const request = { url: url.href, headers, signal, timeoutMs, maxBytes, fetch, answered };
    const span = deps.tracing?.call(`GET ${endpoint.template}`, { 'http.request.method': 'GET' });
    const answer = await getJson(request).catch((error: unknown) => {
      span?.end({ failed: true });
      counter.count(endpoint.template, 'failed');
      if (codeOf(error) === 'upstream_unavailable') status.report({ kind: 'trouble', what: whatOf(error) });
      throw error;
    });
    noteMovement();
    span?.end({
      failed: answer.status >= 400,
      attributes: { 'http.response.status_code': answer.status },
    });
    counter.count(endpoint.template, answer.status);
    return judge(answer, endpoint, deps);
  };
}

function judge(answer: HttpAnswer, endpoint: Endpoint, { status, credential }: RequestDependencies): unknown {
  const isList = endpoint.mayBeList === true && answer.status === 200 && Array.isArray(answer.json);
  const code = isList ? undefined : classifyAnswer(answer);
  const what = `HTTP ${answer.status} from ${endpoint.template}${oddityOf(answer)}`;
  if (code === undefined) {
    status.report({ kind: 'success' });
    return answer.json;
  }
  if (code === 'upstream_unavailable') status.report({ kind: 'trouble', what });
  else if (code === 'upstream_key_rejected')
    status.report({ kind: 'key-rejected', reason: rejectionReason(credential) });
  else if (code === 'upstream_rate_limited')
    status.report({
      kind: 'rate-limited',
      retryAfterMs: retryAfterMs(answer.headers.get('retry-after'), Date.now()),
    });
  else status.report({ kind: 'success' });
  throw upstreamError(code, { what });
}

/** What TMDb would not answer was said by something on the way. */
function oddityOf({ status, json }: HttpAnswer): string {
  if (json !== undefined || status >= 500) return '';
  if (status === 407) return ': the proxy asks for a user and a password';
  if (status >= 300 && status < 400) return ': it leads elsewhere, and that is not followed';
  return ': a page that is not TMDb’s, perhaps of a proxy or of a sign-in to the network';
}

function urlOf(baseUrl: string, { path, query = {} }: Endpoint): URL {
  const url = new URL(`${baseUrl}${path}`);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return url;
}

/** What happened underneath, for operators. */
export const whatOf = (error: unknown) =>
  error instanceof Error && error.cause instanceof Error ? error.cause.message : 'no answer';
