import type { Log } from '#shared/log.ts';
import { safeHeaders } from './safe-headers.ts';

/** For what escapes even the routes' own handling of failures: the runtime would show it to the caller. */
export function lastResort(log: Log): (error: Error) => Response {
  return (error) => {
    const requestId = crypto.randomUUID();
    log.error({ err: error, request_id: requestId }, 'a failure escaped');
    const body = {
      status: 'error',
      message: 'Something went wrong on our side. It has been noted.',
      code: 'internal_error',
      request_id: requestId,
    };
    return Response.json(body, {
      status: 500,
      headers: { 'x-request-id': requestId, ...safeHeaders },
    });
  };
}
