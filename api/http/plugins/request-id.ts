import { Elysia } from 'elysia';
import { requestContext } from '#shared/request-context.ts';
import { safeHeaders } from '../failures/safe-headers.ts';

/** What may go back into a header and into log lines as it came. */
const sane = /^[A-Za-z0-9._:+/=@-]{1,128}$/;

/** The id of a request: the one that it came with, or a new one. */
export type IdentifyRequest = (request: Request) => string;

export function createIdentifyRequest(): IdentifyRequest {
  const next = createIds();
  return ({ headers }) => {
    const given = headers.get('x-request-id');
    return given !== null && sane.test(given) ? given : next();
  };
}

const ends = Array.from({ length: 36 * 36 }, (_, at) => at.toString(36).padStart(2, '0'));

/** A number is written once for a thousand requests. */
function createIds(): () => string {
  const prefix = crypto.randomUUID().slice(0, 8);
  let count = 0;
  let stem = '';
  return () => {
    const at = count++ % ends.length;
    if (at === 0) stem = `${prefix}-${Math.floor(count / ends.length).toString(36)}`;
    return stem + ends[at];
  };
}

/** Every answer, whatever becomes of it, says which request it belongs to, and what a browser may do with it. */
export const requestIds = (identify: IdentifyRequest = createIdentifyRequest()) =>
  new Elysia({ name: 'request-ids' }).onRequest(({ request, set }) => {
    const requestId = identify(request);
    set.headers['x-request-id'] = requestId;
    requestContext.enterWith({ requestId });
    Object.assign(set.headers, safeHeaders);
    // What comes after it is never read: a proxy that kept the connection would let somebody else wait there.
    if (request.method === 'CONNECT') set.headers.connection = 'close';
  });
