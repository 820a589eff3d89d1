import { describe, expect, test } from 'bun:test';
import { hasProxy, startProxy } from './support/caddy.ts';

/** An API process as far as a proxy sees one: answers, and one stream that stays open. */
function startUpstream() {
  const left = Promise.withResolvers<void>();
  const server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    idleTimeout: 0,
    fetch(request) {
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

const openEvents = async (url: string) => {
  const reader = (await fetch(`${url}/events`)).body?.getReader();
  expect(new TextDecoder().decode((await reader?.read())?.value)).toBe('event: run\n\n');
  return { close: () => reader?.cancel() };
};

describe.skipIf(!hasProxy)('the proxy', () => {
  test('passes requests and live events on, and lets go of who goes away', async () => {
    await using upstream = startUpstream();
    await using proxy = await startProxy(['127.0.0.1'], upstream.port);
    expect(await (await fetch(`${proxy.url}/x`)).text()).toBe('127.0.0.1');
    const events = await openEvents(proxy.url);
    await events.close();
    await upstream.left;
  }, 60_000);

  test('keeps /metrics inside, however it is written', async () => {
    await using upstream = startUpstream();
    await using proxy = await startProxy(['127.0.0.1'], upstream.port);
    const ends = ['', '/', '?a', '/?a', '//', '/x', '%2f'].map((end) => `/metrics${end}`);
    for (const path of [...ends, '//metrics', '/Metrics', '/%6detrics', '/metric%73/']) {
      const answer = await fetch(`${proxy.url}${path}`);
      expect({ path, status: answer.status }).toEqual({ path, status: 404 });
      expect(await answer.json()).toMatchObject({ code: 'route_not_found' });
    }
    expect((await fetch(`${proxy.url}/metricsx`)).status).toBe(200);
  }, 60_000);

  test('sends nobody to a process that is away, also where the other one has more to do', async () => {
    await using upstream = startUpstream();
    await using proxy = await startProxy(['127.0.0.1', '127.0.0.2'], upstream.port);
    const events = await openEvents(proxy.url);
    const [statuses, begunMs] = [[] as number[], performance.now()];
    const ask = async () => void statuses.push((await fetch(`${proxy.url}/x`)).status);
    // For longer than the one that is away is left out for: it is tried again meanwhile.
    while (performance.now() - begunMs < 5000) await Promise.all([ask(), ask(), ask(), ask()]);
    expect(statuses.length).toBeGreaterThan(20);
    expect(statuses.filter((status) => status !== 200)).toEqual([]);
    await events.close();
  }, 60_000);

  test('answers by itself for a service that is away', async () => {
    await using upstream = startUpstream();
    await using proxy = await startProxy(['127.0.0.1'], upstream.port);
    await upstream.stop();
    const away = await fetch(`${proxy.url}/x`);
    expect(away.status).toBe(503);
    expect(away.headers.get('retry-after')).toBe('5');
    expect(await away.json()).toEqual({
      status: 'error',
      message: expect.any(String),
      code: 'unavailable',
      request_id: away.headers.get('x-request-id'),
    });
  }, 60_000);
});
