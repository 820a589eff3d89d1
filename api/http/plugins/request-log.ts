import { Elysia, ElysiaCustomStatusResponse } from 'elysia';
import { type Log, openLines } from '#shared/log.ts';
import { loggedPath } from '../input/logged-path.ts';
import type { HttpMetrics } from '../metrics/http-metrics.ts';
import type { RequestSpans } from './request-spans.ts';

/** Asked every few seconds by machines: not worth a line each. */
const quiet = new Set(['/health/live', '/health/ready', '/metrics']);

type Headers = Record<string, string | number | undefined>;

interface Exchange {
  request: Request;
  /** Its template; empty or missing where there is none. */
  route: string | undefined;
  set: { headers: Headers; status?: number | string };
}

interface Answered {
  request: Request;
  requestId: string | undefined;
  route: string;
  /** Where it is known already (`labelOf`). */
  label?: string;
  status: number;
  ms: number;
}

/** What a route has answered, and with which headers. */
export interface AnsweredSlowly extends Answered {
  headers: Headers;
}

/** Counts and logs an answer, and ends its span. */
export type NoteAnswer = (answered: Answered) => void;

interface NoteDeps {
  log: Log;
  metrics: HttpMetrics;
  spans?: RequestSpans | undefined;
  /** Of so many answers that are no failures one has a line. */
  oneIn?: number | undefined;
}

/** The cause of a failure of ours is in the log line before it. Lines hold no secrets: the path has no query. */
export function createNoteAnswer({ log, metrics, spans, oneIn = 1 }: NoteDeps): NoteAnswer {
  const writeLine = openLines(log, 'info', 'answered');
  const isDebug = log.isLevelEnabled('debug');
  const sampled = oneIn === 1 ? '' : `,"one_in":${oneIn}`;
  return ({ request, requestId, route, label, status, ms }) => {
    spans?.end(request, route, status);
    metrics.observe(request.method, route || undefined, status, ms);
    if (writeLine === undefined || (!isDebug && quiet.has(route))) return;
    const isSampled = oneIn > 1 && status < 400;
    if (isSampled && Math.random() * oneIn >= 1) return;
    const id = requestId === undefined ? '' : `"request_id":"${requestId}",`;
    const traceId = spans?.traceId(request);
    const trace = traceId === undefined ? '' : `,"trace_id":"${traceId}"`;
    const took = Math.round(ms * 100) / 100;
    const of = isSampled ? sampled : '';
    writeLine(`,${id}${label ?? labelOf(request, route)},"status":${status}${trace},"ms":${took}${of}`);
  };
}

/** What the line of an answer says of the request, as JSON. */
export function labelOf({ method, url }: Request, route: string): string {
  const named = route === '' ? '' : `,"route":${JSON.stringify(route)}`;
  return `"method":${JSON.stringify(method)},"path":${JSON.stringify(loggedPath(url))}${named}`;
}

const started = new WeakMap<Request, number>();
/** For a request that others have worked on before the framework: how long it took is counted from then. */
export const noteStart = (request: Request, ms: number): void => void started.set(request, ms);

/**
 * Notes every answer of a route, or of none.
 * @param learn is told of each, too
 */
export function requestLog(note: NoteAnswer, learn: (answered: AnsweredSlowly) => void) {
  const answered = ({ request, route = '', set }: Exchange, answer: unknown) => {
    const ms = performance.now() - (started.get(request) ?? performance.now());
    const { headers } = set;
    const requestId = headers['x-request-id'];
    const status = httpStatusOf(answer, set.status);
    const one = {
      request,
      requestId: requestId === undefined ? undefined : String(requestId),
      route,
      status,
      ms,
    };
    note(one);
    learn({ ...one, headers });
  };
  return (
    new Elysia({ name: 'request-log' })
      .onRequest(({ request }) => {
        if (!started.has(request)) started.set(request, performance.now());
      })
      // Fields are named one by one: if a hook takes the whole context, the framework also parses the body.
      .onAfterResponse({ as: 'global' }, ({ request, route, set, responseValue: answer }) => {
        const exchange = { request, route, set };
        // The busiest route returns a promise if no answer is ready: it is answered when that resolves.
        const note = (later: unknown) => answered(exchange, later);
        if (answer instanceof Promise) answer.then(note, () => note(undefined));
        else note(answer);
      })
  );
}

const httpStatusOf = (answer: unknown, status: number | string | undefined): number => {
  if (answer instanceof Response) return answer.status;
  const said = answer instanceof ElysiaCustomStatusResponse ? answer.code : status;
  return typeof said === 'number' ? said : 200;
};
