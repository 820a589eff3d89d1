import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runExample } from '../client/example.ts';
import { createNexusClient, type Tokens } from '../client/index.ts';
import { openService, type Service } from './support/service.ts';

let service: Service;
beforeAll(async () => {
  service = await openService();
});
afterAll(() => service[Symbol.asyncDispose]());

const register = async () => {
  const nexus = createNexusClient({ baseUrl: service.url });
  const account = { name: 'Ada', email: `${crypto.randomUUID()}@example.org`, password: 'correct horse' };
  const { data, error } = await nexus.POST('/api/auth/register', { body: account });
  if (error) throw new Error(error.message);
  return { access_token: data.data.access_token, refresh_token: data.data.refresh_token };
};

/** Where a frontend keeps its tokens. */
const keep = (tokens: Tokens | undefined) => {
  const kept = { tokens };
  const set = (next: Tokens | undefined) => {
    kept.tokens = next;
  };
  return { kept, store: { get: () => kept.tokens, set } };
};

describe('the client for frontends', () => {
  test('its example does what it says', async () => {
    const said: string[] = [];
    await runExample({ baseUrl: service.url, email: 'ada@example.org', say: (line) => said.push(line) });
    expect(said.filter((line) => line.startsWith('trending'))).toHaveLength(3);
    expect(said[3]).toMatch(/: liked, \d+ min$/);
    expect(said.at(-1)).toBe('there is no such movie');
    expect(said.length).toBe(8);
  }, 60_000);

  test('exchanges tokens that have expired once, however many calls find out together', async () => {
    const { kept, store } = keep({ ...(await register()), access_token: 'expired.since.long' });
    let exchanges = 0;
    const nexus = createNexusClient({
      baseUrl: service.url,
      tokens: store,
      fetch: (request) => {
        if (request.url.endsWith('/api/auth/refresh')) exchanges++;
        return fetch(request);
      },
    });
    const calls = await Promise.all(Array.from({ length: 8 }, () => nexus.GET('/api/user/profile')));
    expect(calls.map(({ response }) => response.status)).toEqual(Array(8).fill(200));
    const body = { tmdb_id: 550, type: 'bookmarked' } as const;
    store.set({ ...(kept.tokens as Tokens), access_token: 'expired.once.more' });
    expect((await nexus.POST('/api/user/interactions', { body })).data?.data).toEqual({
      added: 1,
      unchanged: 0,
    });
    expect(exchanges).toBe(2);
  }, 60_000);

  test('a session that has ended is a failure with its code, and the tokens are let go', async () => {
    const { kept, store } = keep({ access_token: 'a.b.c', refresh_token: 'nobody’s' });
    const nexus = createNexusClient({ baseUrl: service.url, tokens: store });
    const { error, response } = await nexus.GET('/api/user/profile');
    expect([response.status, error?.code]).toEqual([401, 'unauthenticated']);
    expect(kept.tokens).toBeUndefined();
  });

  test('a wrong use of it does not compile', async () => {
    const root = fileURLToPath(new URL('..', import.meta.url));
    const file = join(root, 'tests/client-misuse.ts');
    const wrong = [
      "nexus.GET('/api/no-such-route');",
      "nexus.GET('/api/movies/trending', { params: { query: { window: 'year' } } });",
      "nexus.POST('/api/user/interactions', { body: { tmdb_id: 'x', type: 'liked' } });",
      "nexus.POST('/api/user/interactions', { body: { tmdb_id: 1, type: 'liked', items: [] } });",
    ];
    await Bun.write(
      file,
      `import { createNexusClient } from '../client/index.ts';\nconst nexus = createNexusClient({ baseUrl: '' });\n${wrong.join('\n')}\n`,
    );
    try {
      const flags = [
        '--noEmit',
        '--strict',
        '--skipLibCheck',
        '--module',
        'preserve',
        '--allowImportingTsExtensions',
        '--ignoreConfig',
      ];
      const { stdout } = Bun.spawnSync([join(root, 'node_modules/.bin/tsc'), ...flags, file], { cwd: root });
      const lines = [...stdout.toString().matchAll(/client-misuse\.ts\((\d+),/g)].map(([, line]) =>
        Number(line),
      );
      expect(new Set(lines)).toEqual(new Set([3, 4, 5, 6]));
    } finally {
      await Bun.file(file).delete();
    }
  }, 60_000);

  test('needs nothing of the server and nothing of its runtime', async () => {
    const built = await Bun.build({
      entrypoints: [fileURLToPath(new URL('../client/index.ts', import.meta.url))],
      target: 'browser',
      minify: true,
    });
    expect(built.success).toBe(true);
    const code = (await built.outputs[0]?.text()) ?? '';
    expect(code.length).toBeLessThan(20_000);
    expect(code).not.toMatch(/\bBun\.|node:|require\(/);
  });
});
