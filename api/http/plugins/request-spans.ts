import { Elysia } from 'elysia';
import type { OpenSpan, Tracing } from '#shared/tracing/tracing.ts';
import { pathOf } from '../input/path-of.ts';

export interface RequestSpans {
  /** Everything that a request makes us do is part of its span. */
  plugin: Elysia;
  traceId(request: Request): string | undefined;
  end(request: Request, route: string | undefined, status: number): void;
}

/** Asked every few seconds by machines. */
const untraced = new Set(['/health/live', '/health/ready', '/metrics']);

export function createRequestSpans(tracing: Tracing): RequestSpans {
  const open = new WeakMap<Request, OpenSpan>();
  const plugin = new Elysia({ name: 'request-spans' }).wrap((answer: (request: Request) => unknown) => {
    return ((request: Request) => {
      if (untraced.has(pathOf(request.url))) return answer(request);
      const span = tracing.request(request.headers, request.method);
      open.set(request, span);
      return span.run(() => answer(request));
    }) as typeof answer;
  });
  return {
    plugin,
    traceId: (request) => open.get(request)?.traceId,
    end(request, route, status) {
      open.get(request)?.end({
        name: route ? `${request.method} ${route}` : request.method,
        attributes: {
          'http.request.method': request.method,
          'http.response.status_code': status,
          ...(route ? { 'http.route': route } : {}),
        },
        failed: status >= 500,
      });
    },
  };
}
