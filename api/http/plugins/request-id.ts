import { Elysia } from 'elysia';
import { requestContext } from '#shared/request-context.ts';
import { safeHeaders } from '../failures/safe-headers.ts';

/** What may go back into a header and into log lines as it came. */
const sane = /^[A-Za-z0-9._:+/=@-]{1,128}$/;

/** Every answer, whatever becomes of it, says which request it belongs to, and what a browser may do with it. */
export function requestIds() {
  const prefix = crypto.randomUUID().slice(0, 8);
  let count = 0;
  return new Elysia({ name: 'request-ids' }).onRequest(({ request, set }) => {
    const given = request.headers.get('x-request-id');
    const requestId = given !== null && sane.test(given) ? given : `${prefix}-${(++count).toString(36)}`;
    set.headers['x-request-id'] = requestId;
    requestContext.enterWith({ requestId });
    Object.assign(set.headers, safeHeaders);
  });
}
