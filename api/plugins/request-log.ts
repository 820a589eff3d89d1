import { Elysia } from 'elysia';
import type { Log } from '#shared/log.ts';
import type { HttpMetrics } from '../metrics/http-metrics.ts';
import { pathOf } from './path-of.ts';
import type { RequestSpans } from './request-spans.ts';

/** Asked every few seconds by machines: not worth a line each. */
const quiet = new Set(['/health/live', '/health/ready', '/metrics']);

/** Counts every answer, and says so in a line: of a failure of ours its cause is in a line before it. */
export function requestLog(log: Log, metrics: HttpMetrics, spans?: RequestSpans) {
  const started = new WeakMap<Request, number>();
  // Nothing in these lines can be a secret (a path comes without its query), and looking for some costs twice the line.
  const line = log.child({}, { redact: [] });
  const isInfo = log.isLevelEnabled('info');
  const isDebug = log.isLevelEnabled('debug');
  return new Elysia({ name: 'request-log' })
    .onRequest(({ request }) => {
      started.set(request, performance.now());
    })
    .onAfterResponse({ as: 'global' }, ({ request, route, set, responseValue }) => {
      const ms = performance.now() - (started.get(request) ?? performance.now());
      const status = responseValue instanceof Response ? responseValue.status : statusOf(set.status);
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
    });
}

const statusOf = (status: number | string | undefined): number => (typeof status === 'number' ? status : 200);
