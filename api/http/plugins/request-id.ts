import { Elysia } from 'elysia';
import { requestContext } from '#shared/request-context.ts';
import { safeHeaders } from '../failures/safe-headers.ts';

/** What may go back into a header and into log lines as it came. */
const sane = /^[A-Za-z0-9._:+/=@-]{1,128}$/;

/** The id of a request: the one that it came with, or a new one. */
export type IdentifyRequest = (request: Request) => string;

export function createIdentifyRequest(): IdentifyRequest {
  const prefix = crypto.randomUUID().slice(0, 8);
  let count = 0;
  return ({ headers }) => {
    const given = headers.get('x-request-id');
    return given !== null && sane.test(given) ? given : `${prefix}-${(++count).toString(36)}`;
  };
}

/** Every answer, whatever becomes of it, says which request it belongs to, and what a browser may do with it. */
export const requestIds = (identify: IdentifyRequest = createIdentifyRequest()) =>
  new Elysia({ name: 'request-ids' }).onRequest(({ request, set }) => {
    const requestId = identify(request);
    set.headers['x-request-id'] = requestId;
    requestContext.enterWith({ requestId });
    Object.assign(set.headers, safeHeaders);
  });
