import { Elysia } from 'elysia';
import type { Log } from '#shared/log.ts';
import { pathOf } from './path-of.ts';

/** A line for every answer, for whoever asked for debug lines; otherwise it costs a request nothing. */
export function requestLog(log: Log) {
  const plugin = new Elysia({ name: 'request-log' });
  if (!log.isLevelEnabled('debug')) return plugin;
  return plugin.onAfterResponse({ as: 'global' }, ({ request, set }) => {
    log.debug(
      {
        request_id: set.headers['x-request-id'],
        method: request.method,
        path: pathOf(request.url),
        status: set.status,
      },
      'answered',
    );
  });
}
