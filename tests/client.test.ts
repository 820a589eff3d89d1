import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdir, rename, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runExample } from '../client/example.ts';
import { createNexusClient, type Tokens } from '../client/index.ts';
import { temporaryFolder } from './support/program.ts';
import { openService, type Service } from './support/service.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

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

  test('an answer that is lost while tokens are exchanged signs nobody out', async () => {
    const { kept, store } = keep({ ...(await register()), access_token: 'expired.since.long' });
    let exchanges = 0;
    const nexus = createNexusClient({
      baseUrl: service.url,
      tokens: store,
      fetch: async (request) => {
        const response = await fetch(request);
        if (request.url.endsWith('/api/auth/refresh') && ++exchanges === 1)
          throw new TypeError('connection lost');
        return response;
      },
    });
    expect((await nexus.GET('/api/user/profile')).response.status).toBe(200);
    expect([exchanges, typeof kept.tokens?.refresh_token]).toEqual([2, 'string']);
  });

  test('a refresh token that a cookie keeps is exchanged without being seen', async () => {
    const account = { name: 'Ada', email: `${crypto.randomUUID()}@example.org`, password: 'correct horse' };
    let cookie = '';
    const { kept, store } = keep(undefined);
    const nexus = createNexusClient({
      baseUrl: service.url,
      tokens: store,
      // What a browser does with cookies.
      fetch: async (request) => {
        const headers = new Headers(request.headers);
        if (request.url.includes('/api/auth/')) headers.set('cookie', cookie);
        headers.set('sec-fetch-site', 'same-origin');
        const response = await fetch(new Request(request, { headers }));
        cookie = response.headers.get('set-cookie')?.split(';')[0] ?? cookie;
        return response;
      },
    });
    const { data } = await nexus.POST('/api/auth/register', { body: { ...account, cookie: true } });
    expect(data?.data.refresh_token).toBeNull();
    const first = cookie;
    expect(first).toStartWith('nexus_refresh=');
    store.set({ access_token: 'expired.since.long', refresh_token: null });
    expect((await nexus.GET('/api/user/profile')).data?.data.email).toBe(account.email);
    expect(kept.tokens).toEqual({ access_token: expect.any(String), refresh_token: null });
    expect(cookie).not.toBe(first);
    store.set(undefined);
    expect((await nexus.POST('/api/auth/refresh')).data?.data.refresh_token).toBeNull();
  });

  test('a wrong password is said as it is: no token is exchanged, nothing is asked twice', async () => {
    const { kept, store } = keep(await register());
    const before = kept.tokens;
    const asked: string[] = [];
    const nexus = createNexusClient({
      baseUrl: service.url,
      tokens: store,
      fetch: (request) => {
        asked.push(`${request.method} ${new URL(request.url).pathname}`);
        return fetch(request);
      },
    });
    const { error } = await nexus.DELETE('/api/user/profile', { body: { password: 'not this one' } });
    expect(error?.code).toBe('invalid_credentials');
    expect(asked).toEqual(['DELETE /api/user/profile']);
    expect(kept.tokens).toEqual(before);
  });

  test('who signs out, or in as somebody else, while tokens are exchanged, stays so', async () => {
    for (const after of [undefined, await register()]) {
      const { kept, store } = keep({ ...(await register()), access_token: 'expired.since.long' });
      const nexus = createNexusClient({
        baseUrl: service.url,
        tokens: store,
        fetch: async (request) => {
          const response = await fetch(request);
          if (request.url.endsWith('/api/auth/refresh')) store.set(after);
          return response;
        },
      });
      const { response } = await nexus.GET('/api/user/profile');
      expect(kept.tokens).toEqual(after);
      expect(response.status).toBe(after === undefined ? 401 : 200);
    }
  });

  test('a service that cannot be reached has signed nobody out, and is said in the envelope', async () => {
    using proxy = Bun.serve({
      port: 0,
      fetch: (request) =>
        request.url.endsWith('/refresh')
          ? new Response('<h1>Bad gateway</h1>', {
              status: 502,
              headers: { 'content-type': 'text/html', 'retry-after': '7' },
            })
          : fetch(new Request(service.url + new URL(request.url).pathname, request)),
    });
    const { kept, store } = keep({ ...(await register()), access_token: 'expired.since.long' });
    const nexus = createNexusClient({ baseUrl: proxy.url.origin, tokens: store });
    const { error, response } = await nexus.GET('/api/user/profile');
    expect([response.status, response.headers.get('retry-after')]).toEqual([502, '7']);
    expect(error).toMatchObject({ status: 'error', code: 'unavailable', message: expect.any(String) });
    expect(kept.tokens).toBeDefined();
  });

  test('waits at least a second before it asks again, whatever a proxy makes of the answer', async () => {
    let asked = 0;
    using proxy = Bun.serve({
      port: 0,
      fetch: () => {
        asked++;
        const retryAfter = asked === 1 ? '0' : 'Wed, 21 Oct 2015 07:28:00 GMT';
        return Response.json({ status: 'pending' }, { status: 202, headers: { 'retry-after': retryAfter } });
      },
    });
    const nexus = createNexusClient({ baseUrl: proxy.url.origin, waitForPendingMs: 1900 });
    const { response } = await nexus.GET('/api/movies/{tmdb_movie_id}', {
      params: { path: { tmdb_movie_id: 1 } },
    });
    expect([response.status, asked]).toEqual([202, 2]);
  });

  test('a history goes as the file that it is', async () => {
    const { store } = keep(await register());
    const nexus = createNexusClient({ baseUrl: service.url, tokens: store });
    const { data, error } = await nexus.POST('/api/user/import', {
      params: { query: { source: 'letterboxd' } },
      body: 'Date,Name,Year,Letterboxd URI\n2024-05-01,Fight Club,1999,https://boxd.it/2a9q\n',
    });
    expect(error).toBeUndefined();
    expect(data?.data.list).toBe('watched');
  });

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

describe('the package that frontends install', () => {
  let folder: AsyncDisposable & { path: string };
  const here = (...names: string[]) => join(folder.path, ...names);
  const run = (command: string[], cwd: string) => {
    const { exitCode, stdout, stderr } = Bun.spawnSync(command, { cwd });
    return { exitCode, output: `${stdout}${stderr}` };
  };

  beforeAll(async () => {
    folder = await temporaryFolder();
    const packed = run(
      [process.execPath, 'pm', 'pack', '--destination', folder.path, '--quiet'],
      join(root, 'client'),
    );
    const [archive = ''] = [...new Bun.Glob('*.tgz').scanSync({ cwd: folder.path })];
    expect({ ...packed, archive }).toMatchObject({ exitCode: 0, archive: expect.stringContaining('.tgz') });
    await mkdir(here('node_modules/@project-nexus'), { recursive: true });
    run(['tar', '-xzf', archive], folder.path);
    await rename(here('package'), here('node_modules/@project-nexus/client'));
    for (const name of ['openapi-fetch', 'openapi-typescript-helpers'])
      await symlink(join(root, 'node_modules', name), here('node_modules', name));
    // As a new project of a frontend has it: no `.ts` in imports, nothing of Bun.
    const compilerOptions = {
      target: 'ES2022',
      lib: ['ES2022', 'DOM', 'DOM.Iterable'],
      module: 'ESNext',
      moduleResolution: 'bundler',
      types: [],
      strict: true,
      isolatedModules: true,
      skipLibCheck: true,
      rootDir: 'src',
      outDir: 'built',
    };
    await Bun.write(here('tsconfig.json'), JSON.stringify({ compilerOptions, include: ['src'] }));
    await Bun.write(here('package.json'), '{ "type": "module" }');
    const example = await Bun.file(join(root, 'client/example.ts')).text();
    await Bun.write(here('src/example.ts'), example.replace('./index.ts', '@project-nexus/client'));
    await Bun.write(
      here('src/main.ts'),
      "import { runExample } from './example';\ndeclare const process: { argv: string[] };\n" +
        "const [, , baseUrl = '', email = ''] = process.argv;\nrunExample({ baseUrl, email, say: (line) => console.log(line) });\n",
    );
  });
  afterAll(() => folder[Symbol.asyncDispose]());

  test('has what it needs in it, and says what else it needs', async () => {
    const own = await Bun.file(join(root, 'client/package.json')).json();
    const whole = await Bun.file(join(root, 'package.json')).json();
    expect(own.version).toBe(whole.version);
    expect(own.dependencies).toEqual({ 'openapi-fetch': whole.dependencies['openapi-fetch'] });
    expect(own.scripts).toBeUndefined();
  });

  test('compiles in a strict project of its own, and its example runs there', async () => {
    expect(run([join(root, 'node_modules/.bin/tsc'), '-p', '.'], folder.path)).toEqual({
      exitCode: 0,
      output: '',
    });
    const main = await Bun.file(here('built/main.js')).text();
    await Bun.write(here('built/main.js'), main.replace("'./example'", "'./example.js'"));
    const program = Bun.spawn(
      [Bun.which('node') ?? process.execPath, here('built/main.js'), service.url, 'grace@example.org'],
      { stdout: 'pipe', stderr: 'inherit' },
    );
    const said = (await program.stdout.text()).trim().split('\n');
    expect(await program.exited).toBe(0);
    expect(said[3]).toMatch(/: liked, \d+ min$/);
    expect(said.at(-1)).toBe('there is no such movie');
  }, 60_000);

  test('does not compile where it is used wrongly', async () => {
    const wrong = [
      "nexus.GET('/api/no-such-route');",
      "nexus.GET('/api/movies/trending', { params: { query: { window: 'year' } } });",
      "nexus.POST('/api/user/interactions', { body: { tmdb_id: 'x', type: 'liked' } });",
      "nexus.POST('/api/user/interactions', { body: { tmdb_id: 1, type: 'liked', items: [] } });",
    ];
    await Bun.write(
      here('src/misuse.ts'),
      `import { createNexusClient } from '@project-nexus/client';\nconst nexus = createNexusClient({ baseUrl: '' });\n${wrong.join('\n')}\n`,
    );
    const { output } = run([join(root, 'node_modules/.bin/tsc'), '-p', '.', '--noEmit'], folder.path);
    const lines = [...output.matchAll(/(\S+)\((\d+),\d+\): error/g)].map(
      ([, file, line]) => `${file}:${line}`,
    );
    expect(new Set(lines)).toEqual(new Set([3, 4, 5, 6].map((line) => `src/misuse.ts:${line}`)));
  }, 60_000);
});
