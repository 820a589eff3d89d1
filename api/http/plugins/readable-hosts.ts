import { Elysia } from 'elysia';
import { NexusError } from '#shared/errors.ts';

type Answer = (request: Request) => unknown;

/** A caller that names no host (HTTP/1.0, as checks of load balancers still speak) gets its answer all the same. */
const withHost = (answer: Answer): Answer => {
  return (request) => {
    // The runtime then gives the path alone, in which the framework finds no route.
    if (request.url.startsWith('/') && !request.headers.get('host'))
      Object.defineProperty(request, 'url', { value: `http://localhost${request.url}` });
    return answer(request);
  };
};

/**
 * Refuses a request whose `Host` no URL can have, on every route: its address could not be read, and whoever tried
 * would fail in a way of their own.
 */
export function readableHosts() {
  // Nearly all requests name the same host: that one is not parsed again.
  let readable: string | undefined;
  return new Elysia({ name: 'readable-hosts' }).wrap(withHost).onRequest(({ request: { url } }) => {
    if (readable !== undefined && url.startsWith(readable)) return;
    if (!URL.canParse(url))
      throw new NexusError('invalid_input', 'Some of the input is not valid.', {
        details: [{ path: 'host', message: 'must be the name or the address of a host' }],
      });
    // Of a CONNECT the address may be a host alone, and then says nothing of others.
    readable = /^https?:\/\/[^/?#]+\//.exec(url)?.[0] ?? readable;
  });
}
