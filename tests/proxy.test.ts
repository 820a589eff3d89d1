import { describe, expect, test } from 'bun:test';
import { connect } from 'node:net';
import { safeHeaders } from '#api/http/failures/safe-headers.ts';
import { hasProxy, startProxy } from './support/caddy.ts';
import { rows, startUpstream } from './support/proxy-upstream.ts';
import { until } from './support/until.ts';

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

  test('packs what is text for who can read it, and nothing else', async () => {
    await using upstream = startUpstream();
    await using proxy = await startProxy(['127.0.0.1'], upstream.port);
    const ask = (path: string, headers: Record<string, string>) =>
      fetch(`${proxy.url}${path}`, { headers, decompress: false });
    for (const encoding of ['gzip', 'zstd']) {
      const packed = await ask('/list', { 'accept-encoding': encoding });
      expect(packed.headers.get('content-encoding')).toBe(encoding);
      expect(packed.headers.get('vary')).toContain('Accept-Encoding');
      const bytes = new Uint8Array(await packed.arrayBuffer());
      expect(bytes.length).toBeLessThan(rows.length / 3);
      const unpacked = encoding === 'gzip' ? Bun.gunzipSync(bytes) : Bun.zstdDecompressSync(bytes);
      expect(new TextDecoder().decode(unpacked)).toBe(rows);
      // What it got is still what there is.
      const again = await ask('/list', {
        'accept-encoding': encoding,
        'if-none-match': packed.headers.get('etag') ?? '',
      });
      expect(again.status).toBe(304);
    }
    const plain = await ask('/list', { 'accept-encoding': 'identity' });
    expect(plain.headers.get('content-encoding')).toBeNull();
    expect(await plain.text()).toBe(rows);
    const events = await ask('/events', { 'accept-encoding': 'gzip, zstd' });
    expect(events.headers.get('content-encoding')).toBeNull();
    await events.body?.cancel();
  }, 60_000);

  test('takes no body that is larger than any route takes, and no endless headers', async () => {
    await using upstream = startUpstream();
    await using proxy = await startProxy(['127.0.0.1'], upstream.port);
    const post = (bytes: number) => fetch(`${proxy.url}/x`, { method: 'POST', body: new Uint8Array(bytes) });
    expect((await post(10 * 1024 * 1024)).status).toBe(200);
    const large = await post(12 * 1024 * 1024);
    expect(large.status).toBe(413);
    expect(await large.json()).toMatchObject({ code: 'body_too_large' });
    const headers = { 'x-long': 'x'.repeat(40_000) };
    expect((await fetch(`${proxy.url}/x`, { headers })).status).toBe(431);
  }, 60_000);

  test('ends a connection that never ends its headers', async () => {
    await using upstream = startUpstream();
    await using proxy = await startProxy(['127.0.0.1'], upstream.port);
    const { promise: closed, resolve } = Promise.withResolvers<void>();
    const socket = connect(Number(new URL(proxy.url).port), '127.0.0.1', () =>
      socket.write('GET / HTTP/1.1\r\n'),
    );
    socket
      .on('close', () => resolve())
      .on('error', () => {})
      .resume();
    await closed;
  }, 60_000);

  test('believes a proxy before it only where it is named', async () => {
    await using upstream = startUpstream();
    const seenBehind = async (trusted: string) => {
      await using proxy = await startProxy(['127.0.0.1'], upstream.port, { TRUSTED_PROXIES: trusted });
      return (await fetch(`${proxy.url}/x`, { headers: { 'x-forwarded-for': '203.0.113.7' } })).text();
    };
    expect(await seenBehind('')).toBe('127.0.0.1');
    expect(await seenBehind('10.0.0.0/8 127.0.0.1')).toBe('203.0.113.7, 127.0.0.1');
  }, 60_000);

  test('leads people from HTTP to HTTPS, and refuses programs', async () => {
    await using upstream = startUpstream();
    await using proxy = await startProxy(['127.0.0.1'], upstream.port);
    const ask = (path: string, init: RequestInit) =>
      fetch(`${proxy.plainUrl}${path}`, { redirect: 'manual', ...init });
    const html = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
    // Caddy opens one port after the other.
    await until(() =>
      ask('/', { headers: html }).then(
        () => true,
        () => false,
      ),
    );
    const led = await ask('/admin?a=b', { headers: html });
    expect([led.status, led.headers.get('location')]).toEqual([308, 'https://127.0.0.1/admin?a=b']);
    for (const init of [
      {},
      { headers: { authorization: 'Bearer x' } },
      { method: 'POST', headers: html, body: '{}' },
    ]) {
      const refused = await ask('/api/movies/550', init);
      expect([refused.status, refused.headers.get('location')]).toEqual([403, null]);
      expect(await refused.json()).toMatchObject({ status: 'error', code: 'forbidden' });
    }
  }, 60_000);

  test('lets nothing of what it answers itself be taken for another type, run or be framed', async () => {
    await using proxy = await startProxy(['127.0.0.1'], 1);
    const html = { accept: 'text/html' };
    const answers = {
      inside: await fetch(`${proxy.url}/metrics`),
      large: await fetch(`${proxy.url}/x`, { method: 'POST', body: new Uint8Array(12 * 1024 * 1024) }),
      away: await fetch(`${proxy.url}/x`),
      odd: await fetch(`${proxy.url}/x`, { method: 'PROPFIND' }),
      plain: await fetch(`${proxy.plainUrl}/x`),
      led: await fetch(`${proxy.plainUrl}/x`, { headers: html, redirect: 'manual' }),
    };
    const statuses = Object.entries(answers).map(([name, { status }]) => [name, status]);
    expect(Object.fromEntries(statuses)).toEqual({
      inside: 404,
      large: 413,
      away: 503,
      odd: 405,
      plain: 403,
      led: 308,
    });
    for (const [name, { headers }] of Object.entries(answers))
      expect({ name, ...Object.fromEntries(headers) }).toMatchObject({ name, ...safeHeaders });
  }, 60_000);

  test('says with all that it answers over HTTPS that nobody should come without it', async () => {
    await using upstream = startUpstream();
    await using proxy = await startProxy(['127.0.0.1'], upstream.port);
    const ask = (path: string, init: RequestInit = {}) =>
      fetch(`${proxy.tlsUrl}${path}`, { ...init, tls: { rejectUnauthorized: false } });
    // It makes its certificate first.
    const isReady = () =>
      ask('/x').then(
        ({ ok }) => ok,
        () => false,
      );
    await until(isReady);
    const other = await ask('/x', { headers: { host: 'other.test' } });
    expect(other.status).toBe(404);
    expect(await other.json()).toMatchObject({ status: 'error', code: 'route_not_found' });
    expect(Object.fromEntries(other.headers)).toMatchObject(safeHeaders);
    const answers = [
      other,
      await ask('/x', { headers: { host: '[' } }),
      await ask('/x'),
      await ask('/metrics'),
      await ask('/x', { method: 'POST', body: new Uint8Array(12 * 1024 * 1024) }),
    ];
    await upstream.stop();
    answers.push(await ask('/x'));
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 200, 404, 413, 503]);
    for (const { headers } of answers)
      expect(headers.get('strict-transport-security')).toBe('max-age=31536000; includeSubDomains');
  }, 60_000);

  test('writes no query, no header and no whole address into its log', async () => {
    await using upstream = startUpstream();
    await using proxy = await startProxy(['127.0.0.1'], upstream.port, {}, { debug: true });
    await fetch(`${proxy.url}/reset-password?token=secret-of-a-link`, {
      headers: { authorization: 'Bearer secret-of-a-session', referer: 'https://x.test/?secret-of-a-page' },
    });
    await until(async () => (await proxy.logged()).includes('/reset-password'));
    const lines = (await proxy.logged()).split('\n').filter((line) => line.includes('/reset-password'));
    expect(lines.join('\n')).not.toContain('secret');
    expect(lines.join('\n')).not.toContain('127.0.0.1"');
    expect(lines.join('\n')).toContain('127.0.0.0');
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
    while (performance.now() - begunMs < 5000 || statuses.length <= 20)
      await Promise.all([ask(), ask(), ask(), ask()]);
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
