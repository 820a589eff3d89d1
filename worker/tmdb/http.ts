import { isUntrusted } from '#shared/connection-failures.ts';
import { NexusError } from '#shared/errors.ts';
import { readBody } from './read-body.ts';
import type { Answer } from './upstream/classify.ts';
import { stoppedError, upstreamError } from './upstream/upstream-error.ts';
import { parseAnswer } from './wire/sent-parts.ts';

/** Bun's `fetch`, or a function that behaves like it. */
export type Fetch = (url: string, init: BunFetchRequestInit) => Promise<Response>;

export interface HttpRequest {
  url: string;
  headers: Record<string, string>;
  signal: AbortSignal;
  timeoutMs: number;
  maxBytes: number;
  fetch: Fetch;
  /** Is called when the answer begins: the request has arrived. */
  answered?: (() => void) | undefined;
}

export interface HttpAnswer extends Answer {
  headers: Headers;
}

/**
 * One GET, from the request line to the last byte within `timeoutMs`.
 * @throws {NexusError} `upstream_unavailable`, `upstream_malformed` (too large), `shutting_down`
 */
export async function getJson(request: HttpRequest): Promise<HttpAnswer> {
  const { signal, timeoutMs, maxBytes } = request;
  using deadline = deadlineOf(signal, timeoutMs);
  try {
    const response = await request.fetch(request.url, fetchInit(request.headers, deadline.signal));
    request.answered?.();
    const json = parseJson(await readBody(response, maxBytes));
    return { status: response.status, headers: response.headers, json };
  } catch (error) {
    throw ownError(error, { signal, timedOut: deadline.timedOut(), timeoutMs });
  }
}

/** A redirect is never followed: the credential must not travel anywhere else. */
export function fetchInit(headers: Record<string, string>, signal: AbortSignal): BunFetchRequestInit {
  return {
    headers: { ...headers, 'accept-encoding': 'gzip' },
    redirect: 'manual',
    signal,
    // We unpack ourselves, so that the unpacked size is bounded too.
    decompress: false,
  };
}

/** What `fetch` throws carries the URL, and with it perhaps the key: only its code goes on. */
export function ownError(
  error: unknown,
  context: { signal: AbortSignal; timedOut: boolean; timeoutMs: number },
): NexusError {
  if (context.signal.aborted) return stoppedError();
  if (error instanceof NexusError) return error;
  if (context.timedOut)
    return upstreamError('upstream_unavailable', { what: `no answer within ${context.timeoutMs} ms` });
  const { code } = error as { code?: unknown };
  const plain = typeof code === 'string' && /^\w{1,64}$/.test(code) ? code : 'unknown failure';
  const hint = hintFor(plain);
  const what = `the connection failed: ${plain}${hint === undefined ? '' : ` (${hint})`}`;
  return upstreamError('upstream_unavailable', { what });
}

/** What a person can do who does not know the code. */
function hintFor(code: string): string | undefined {
  if (isUntrusted(code))
    return 'the certificate is not trusted here; if your network puts its own in, name its authority in NODE_EXTRA_CA_CERTS';
  return hints[code];
}

const hints: Record<string, string> = {
  ENOTFOUND: 'this machine does not know the name of the host, or of the proxy',
  EAI_AGAIN: 'names of hosts cannot be looked up now',
  ECONNREFUSED: 'nothing listens there',
  EPROTO: 'what answers there speaks no TLS',
  UnsupportedProxyProtocol: 'HTTPS_PROXY must start with http:// or https://',
};

function deadlineOf(signal: AbortSignal, timeoutMs: number) {
  const controller = new AbortController();
  const abort = () => controller.abort();
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    abort();
  }, timeoutMs);
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  return {
    signal: controller.signal,
    timedOut: () => late,
    [Symbol.dispose]() {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    },
  };
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return parseAnswer(bytes);
  } catch {
    return undefined;
  }
}
