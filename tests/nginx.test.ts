import { describe, expect, test } from 'bun:test';
import { connect, type Socket } from 'node:net';
import { safeHeaders } from '#api/http/failures/safe-headers.ts';
import { hasNginx, startNginx } from './support/nginx.ts';
import { startUpstream } from './support/proxy-upstream.ts';
import { until } from './support/until.ts';

/** Everything that is answered on a connection of its own, until it is closed. */
function send(port: number, text: string, from = '127.0.0.1'): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1', localAddress: from });
  // Not ended: nginx takes whoever ends a connection for gone.
  socket.write(text);
  return new Promise((resolve, reject) => {
    let answer = '';
    socket.on('data', (data) => {
      answer += data;
    });
    socket.on('end', () => resolve(answer));
    socket.on('error', reject);
  });
}
const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: nexus.test\r\nConnection: close\r\n\r\n`;
const statusOf = (answer: string) => Number(answer.split(' ')[1]);

describe.skipIf(!hasNginx)('nginx in front', () => {
  test('passes on requests with the address of who asks, live events, and imports', async () => {
    await using upstream = startUpstream();
    await using proxy = await startNginx({ upstreams: [`127.0.0.1:${upstream.port}`] });
    const forged = { headers: { 'x-forwarded-for': '203.0.113.9' } };
    expect(await (await fetch(`${proxy.url}/x`, forged)).text()).toBe('203.0.113.9, 127.0.0.1');
    const body = new Uint8Array(10 * 1024 * 1024);
    expect((await fetch(`${proxy.url}/x`, { method: 'POST', body })).status).toBe(200);
    const reader = (await fetch(`${proxy.url}/admin/events`)).body?.getReader();
    expect(new TextDecoder().decode((await reader?.read())?.value)).toBe('event: run\n\n');
    await reader?.cancel();
    await upstream.left;
  }, 60_000);

  test('goes on for all others, whatever method somebody makes up', async () => {
    await using upstream = startUpstream();
    // Two processes, as far as nginx knows: one alone is never left out.
    const upstreams = ['127.0.0.1', '127.0.0.2'].map((address) => `${address}:${upstream.port}`);
    await using proxy = await startNginx({ upstreams });
    for (const method of ['FOO', 'TRACE', 'CONNECT', 'PROPFIND', 'M-SEARCH', 'A'.repeat(500)]) {
      const odd = await send(proxy.port, get('/x').replace('GET', method));
      expect({ method, status: statusOf(odd) }).toEqual({ method, status: 405 });
      expect(odd).toContain('Allow: GET, HEAD');
      expect(odd).toContain('"code":"method_not_allowed"');
      expect({ method, next: statusOf(await send(proxy.port, get('/x'))) }).toEqual({ method, next: 200 });
    }
  }, 60_000);

  test('keeps connections for others where one address sends many bodies slowly', async () => {
    await using upstream = startUpstream();
    await using proxy = await startNginx({ upstreams: [`127.0.0.1:${upstream.port}`] });
    const slow = 'POST /x HTTP/1.1\r\nHost: nexus.test\r\nContent-Length: 1000\r\n\r\n{';
    await using held = new AsyncDisposableStack();
    let refused = 0;
    const opened = Array.from({ length: 400 }, () => {
      const socket: Socket = connect(proxy.port, '127.0.0.1', () => socket.write(slow));
      socket.on('error', () => {});
      socket.on('data', (data) => {
        refused += String(data).startsWith('HTTP/1.1 429') ? 1 : 0;
      });
      held.defer(() => void socket.destroy());
      return socket;
    });
    await until(async () => refused === opened.length - 100);
    const another = await send(proxy.port, get('/x'));
    expect(statusOf(another)).toBe(429);
    expect(another).toContain('"code":"too_many_requests"');
    expect(another).toContain('Retry-After: 5');
    expect(statusOf(await send(proxy.port, get('/x'), '127.0.0.2'))).toBe(200);
  }, 60_000);

  test('lets nothing of what it answers itself be taken for another type, run or be framed', async () => {
    await using upstream = startUpstream();
    await using proxy = await startNginx({ upstreams: [`127.0.0.1:${upstream.port}`] });
    const inside = ['/metrics', '/metrics/', '//metrics?a', '/Metrics/x', '/%6detrics', '/x/%2e%2e/metrics'];
    const answers = new Map<string, Response>();
    for (const path of inside) answers.set(`${path} 404`, await fetch(`${proxy.url}${path}`));
    const large = { method: 'POST', body: new Uint8Array(12 * 1024 * 1024) };
    answers.set('large 413', await fetch(`${proxy.url}/x`, large));
    answers.set('odd 405', await fetch(`${proxy.url}/x`, { method: 'PROPFIND' }));
    await upstream.stop();
    answers.set('away 503', await fetch(`${proxy.url}/x`));
    for (const [name, { status, headers }] of answers) {
      expect(name).toEndWith(` ${status}`);
      expect({ name, ...Object.fromEntries(headers) }).toMatchObject({
        name,
        ...safeHeaders,
        server: 'nginx',
      });
    }
    expect(answers.get('away 503')?.headers.get('retry-after')).toBe('5');
  }, 60_000);

  test('writes no query, no header and no whole address into its logs', async () => {
    await using upstream = startUpstream();
    await using proxy = await startNginx({ upstreams: [`127.0.0.1:${upstream.port}`] });
    const headers = {
      authorization: 'Bearer secret-of-a-session',
      referer: 'https://x.test/?secret-of-a-page',
    };
    await fetch(`${proxy.url}/reset-password?token=secret-of-a-link`, { headers });
    await upstream.stop();
    await fetch(`${proxy.url}/reset-password?token=secret-of-a-link`, { headers });
    await until(async () => (await proxy.logged()).split('/reset-password').length === 3);
    const logged = await proxy.logged();
    expect(logged).toContain('127.0.0.0 [');
    expect(logged).not.toContain('secret');
  }, 60_000);

  test('beside a certificate speaks TLS, leads people there, and refuses programs', async () => {
    await using upstream = startUpstream();
    await using proxy = await startNginx({ upstreams: [`127.0.0.1:${upstream.port}`], certificate: true });
    const tls = { rejectUnauthorized: false };
    const secure = await fetch(`${proxy.tlsUrl}/x`, { tls });
    expect([secure.status, await secure.text()]).toEqual([200, '127.0.0.1']);
    const inside = await fetch(`${proxy.tlsUrl}/metrics`, { tls });
    expect(inside.status).toBe(404);
    for (const { headers } of [secure, inside])
      expect(headers.get('strict-transport-security')).toBe('max-age=31536000; includeSubDomains');
    const person = await fetch(`${proxy.url}/x?a`, { headers: { accept: 'text/html' }, redirect: 'manual' });
    expect([person.status, person.headers.get('location')]).toEqual([308, 'https://127.0.0.1/x?a']);
    const program = await fetch(`${proxy.url}/x`);
    expect([program.status, await program.json()]).toMatchObject([403, { code: 'forbidden' }]);
    for (const { headers } of [person, program])
      expect(Object.fromEntries(headers)).toMatchObject(safeHeaders);
  }, 60_000);
});
