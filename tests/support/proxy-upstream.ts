/** An API process as far as a proxy sees one: answers, and one stream that stays open. */
export function startUpstream() {
  const left = Promise.withResolvers<void>();
  const server = Bun.serve({
    port: 0,
    hostname: '0.0.0.0',
    idleTimeout: 0,
    fetch(request) {
      if (request.url.endsWith('/list')) return list(request);
      if (!request.url.endsWith('/events')) return new Response(request.headers.get('x-forwarded-for'));
      const body = new ReadableStream({
        start: (controller) => controller.enqueue('event: run\n\n'),
        cancel: left.resolve,
      });
      return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
    },
  });
  return {
    port: Number(server.port),
    left: left.promise,
    stop: () => server.stop(true),
    [Symbol.asyncDispose]: () => server.stop(true),
  };
}

export const rows = JSON.stringify(
  Array.from({ length: 200 }, (_, i) => ({ tmdb_id: i, title: `Movie ${i}` })),
);
const etag = '"of the rows"';
const list = (request: Request) =>
  request.headers.get('if-none-match') === etag
    ? new Response(null, { status: 304, headers: { etag } })
    : new Response(rows, { headers: { 'content-type': 'application/json', etag } });
