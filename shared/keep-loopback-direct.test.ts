import { describe, expect, test } from 'bun:test';
import { fileURLToPath } from 'node:url';
import { keepLoopbackDirect } from './keep-loopback-direct.ts';

describe('loopback addresses and proxies', () => {
  test('are added to what the operator exempts', () => {
    const env: Record<string, string | undefined> = { NO_PROXY: 'db.internal, 127.0.0.1' };
    keepLoopbackDirect(env);
    expect(env.NO_PROXY).toBe('db.internal,127.0.0.1,localhost,::1');
  });

  test('are then reached directly, while other hosts go through the proxy', async () => {
    const asked: string[] = [];
    using proxy = Bun.serve({
      port: 0,
      hostname: '127.0.0.1',
      fetch: (request) => {
        asked.push(new URL(request.url).hostname);
        return new Response('from the proxy');
      },
    });
    using direct = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: () => new Response('direct') });
    const module = fileURLToPath(new URL('./keep-loopback-direct.ts', import.meta.url));
    const program = `
      const { keepLoopbackDirect } = await import(${JSON.stringify(module)});
      keepLoopbackDirect(process.env);
      const text = async (url) => (await fetch(url)).text();
      console.log(await text('http://127.0.0.1:${direct.port}/'), '|', await text('http://tmdb.example/3'));`;
    const child = Bun.spawn([process.execPath, '-e', program], {
      env: { HTTP_PROXY: `http://127.0.0.1:${proxy.port}` },
      stdout: 'pipe',
    });
    expect((await new Response(child.stdout).text()).trim()).toBe('direct | from the proxy');
    expect(asked).toEqual(['tmdb.example']);
  });
});
