import { Elysia, ElysiaCustomStatusResponse } from 'elysia';
import type { Log } from '#shared/log.ts';
import { pathOf } from '../input/path-of.ts';
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

/** Counts every answer, and says so in a line: of a failure of ours its cause is in a line before it. */
export function requestLog(log: Log, metrics: HttpMetrics, spans?: RequestSpans) {
  const started = new WeakMap<Request, number>();
  // Nothing in these lines can be a secret (a path comes without its query), and looking for some costs twice the line.
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
        path: pathOf(request.url),
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
      // Named one by one: of a hook that takes the whole exchange the framework thinks that it wants the body, too.
      .onAfterResponse({ as: 'global' }, ({ request, route, set, responseValue: answer }) => {
        const exchange = { request, route, set };
        // The busiest route leaves to run what is not ready: it is answered when that is done, and not before.
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
