import { Elysia, ElysiaCustomStatusResponse } from 'elysia';
import type { Log } from '#shared/log.ts';
import { loggedPath } from '../input/logged-path.ts';
import type { HttpMetrics } from '../metrics/http-metrics.ts';
import type { RequestSpans } from './request-spans.ts';

/** Asked every few seconds by machines: not worth a line each. */
const quiet = new Set(['/health/live', '/health/ready', '/metrics']);

interface Exchange {
  request: Request;
  /** Its template; empty where there is none. */
  route: string;
  set: { headers: Record<string, string | number | undefined>; status?: number | string };
}

/** Counts and logs every answer. The cause of a failure of ours is in the log line before it. */
export function requestLog(log: Log, metrics: HttpMetrics, spans?: RequestSpans) {
  const started = new WeakMap<Request, number>();
  // These lines hold no secrets (the path has no query), and redaction would double the cost of a line.
  const line = log.child({}, { redact: [] });
  const isInfo = log.isLevelEnabled('info');
  const isDebug = log.isLevelEnabled('debug');
  const answered = ({ request, route, set }: Exchange, answer: unknown) => {
    const ms = performance.now() - (started.get(request) ?? performance.now());
    const status = httpStatusOf(answer, set.status);
    spans?.end(request, route, status);
    metrics.observe(request.method, route || undefined, status, ms);
    if (!isInfo || (!isDebug && quiet.has(route))) return;
    line.info(
      {
        request_id: set.headers['x-request-id'],
        method: request.method,
        path: loggedPath(request.url),
        ...(route ? { route } : {}),
        status,
        ...(spans === undefined ? {} : { trace_id: spans.traceId(request) }),
        ms: Math.round(ms * 100) / 100,
      },
      'answered',
    );
  };
  return (
    new Elysia({ name: 'request-log' })
      .onRequest(({ request }) => {
        started.set(request, performance.now());
      })
      // Fields are named one by one: if a hook takes the whole context, the framework also parses the body.
      .onAfterResponse({ as: 'global' }, ({ request, route, set, responseValue: answer }) => {
        const exchange = { request, route, set };
        // The busiest route returns a promise if no answer is ready: it is answered when that resolves.
        if (answer instanceof Promise) void answer.then((later) => answered(exchange, later));
        else answered(exchange, answer);
      })
  );
}

const httpStatusOf = (answer: unknown, status: number | string | undefined): number => {
  if (answer instanceof Response) return answer.status;
  const said = answer instanceof ElysiaCustomStatusResponse ? answer.code : status;
  return typeof said === 'number' ? said : 200;
};
