import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Program, startProgram, temporaryFolder } from './support/program.ts';
import { freePort } from './support/redis.ts';
import { until } from './support/until.ts';

/** Nothing here is about speed: a machine that is busy with other tests takes its time. */
const patienceMs = 120_000;
setDefaultTimeout(2 * patienceMs);

/**
 * What a newcomer has: no settings, but a folder and a port that do not clash with other tests, and fewer movies than
 * usual. With all of them, and nothing set, the gate starts it.
 */
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let env: { NEXUS_DATA_DIR: string; PORT: string; SANDBOX_MOVIES: string };
/** What makes another upstream of the same command. */
const other = { SANDBOX_MOVIES: '300' };
let url: string;
let running: Program;

beforeAll(async () => {
  folder = await temporaryFolder();
  env = {
    NEXUS_DATA_DIR: join(folder.path, 'data'),
    PORT: String(await freePort()),
    SANDBOX_MOVIES: '200',
  };
  url = `http://127.0.0.1:${env.PORT}`;
  running = startProgram('scripts/start.ts', env);
});
afterAll(async () => {
  await running[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

const answers = async (path: string, base = url) =>
  (await fetch(base + path).catch(() => undefined))?.status === 200;

describe('the one command', () => {
  test('ends in an api that answers from a synced mirror, and says how long that took', async () => {
    await until(() => running.output().includes('The first sync is done'), patienceMs);
    expect(running.output()).toMatch(/First answer from the mirror after \d+\.\d s/);
    expect(running.output()).toContain('NOT the real TMDb');
    expect(running.output()).toMatch(/sync details +\d+ %/);
    for (const path of [
      '/api/movies/trending',
      '/api/movies/550',
      '/api/genres',
      '/health/ready',
      '/docs',
      '/docs/json',
    ])
      expect({ path, ok: await answers(path) }).toEqual({ path, ok: true });
  });

  test('keeps its folder to itself', async () => {
    expect((await stat(env.NEXUS_DATA_DIR)).mode & 0o777).toBe(0o700);
  });

  test('makes an administrator for development, and tells the password once and only on the terminal', () => {
    const [, password = 'none'] =
      /admin@nexus\.localhost with the password (\S+)/.exec(running.output()) ?? [];
    expect(password).toHaveLength(22);
    expect(running.output().split(password)).toHaveLength(2);
  });

  test('lets another administrator be made while it runs', async () => {
    await using made = startProgram('scripts/create-admin.ts', {
      ...env,
      ADMIN_EMAIL: 'second@example.org',
      ADMIN_PASSWORD: 'another password',
    });
    expect(await made.exited).toBe(0);
    expect(made.output()).toContain('second@example.org is an administrator now');
    expect(await answers('/health/ready')).toBe(true);
  });

  test('is refused a second time on one folder, with a clear message', async () => {
    await using second = startProgram('scripts/start.ts', { ...env, PORT: '0' });
    expect(await second.exited).toBe(1);
    expect(second.output()).toContain('already');
    expect(second.output()).toContain(env.NEXUS_DATA_DIR);
    expect(second.output()).not.toContain('    at ');
  });

  test('lets another api join its database, and refuses another worker', async () => {
    const PORT = String(await freePort());
    await using api = startProgram('api/main.ts', { ...env, PORT });
    await using worker = startProgram('worker/main.ts', env);
    await until(() => answers('/api/movies/550', `http://127.0.0.1:${PORT}`), patienceMs);
    expect(await worker.exited).toBe(1);
    expect(worker.output()).toContain('Another worker');
    api.kill('SIGTERM');
    expect(await api.exited).toBe(0);
    expect(await answers('/api/movies/550')).toBe(true);
  });

  test('survives kill -9 and starts again on the same folder with what it had', async () => {
    running.kill('SIGKILL');
    await running.exited;
    running = startProgram('scripts/start.ts', env);
    await until(() => answers('/api/movies/550'), patienceMs);
    expect(running.output()).not.toContain('sync trending');
    await until(() => running.output().includes('made at an earlier start'), patienceMs);
    expect(running.output()).not.toContain('with the password');
  });

  test('starts its database again when that is killed with -9, and loses nothing', async () => {
    const postmaster = Number(
      (await readFile(join(env.NEXUS_DATA_DIR, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0],
    );
    process.kill(postmaster, 'SIGKILL');
    await until(() => running.output().includes('died, starting it again'), patienceMs);
    const missing = 1_999_999_001;
    // The worker is back as well: it alone can know that TMDb has no such movie.
    await until(async () => (await fetch(`${url}/api/movies/${missing}`)).status === 404, patienceMs);
    expect(await answers('/api/movies/550')).toBe(true);
  });

  test('ends with exit 0 on SIGTERM, and its database with it', async () => {
    running.kill('SIGTERM');
    expect({ code: await running.exited, end: running.output().slice(-2000) }).toMatchObject({ code: 0 });
    expect(existsSync(join(env.NEXUS_DATA_DIR, 'postgres', 'postmaster.pid'))).toBe(false);
  });

  test('ends at once on a second signal, and its database stops by itself', async () => {
    await using twice = startProgram('scripts/start.ts', env);
    await until(() => twice.output().includes('listening'), patienceMs);
    const pidFile = join(env.NEXUS_DATA_DIR, 'postgres', 'postmaster.pid');
    expect(existsSync(pidFile)).toBe(true);
    twice.kill('SIGTERM');
    await until(() => twice.output().includes('Stopping'), patienceMs);
    twice.kill('SIGTERM');
    expect(await twice.exited).toBe(130);
    await until(() => !existsSync(pidFile), patienceMs);
  });

  test('refuses a database that another upstream filled, until told to reset the mirror', async () => {
    await using refused = startProgram('scripts/start.ts', { ...env, ...other });
    expect(await refused.exited).toBe(1);
    expect(refused.output()).toContain('--reset-mirror');
    await using idle = startProgram('scripts/start.ts', env, ['--reset-mirror']);
    await until(() => idle.output().includes('listening'), patienceMs);
    expect(idle.output()).toMatch(
      /--reset-mirror: nothing was emptied, because the mirror comes from sandbox:.*, which is/,
    );
    idle.kill('SIGTERM');
    expect(await idle.exited).toBe(0);
    running = startProgram('scripts/start.ts', { ...env, ...other }, ['--reset-mirror']);
    await until(() => running.output().includes('The first sync is done'), patienceMs);
    expect(running.output()).toMatch(/--reset-mirror: the mirror from sandbox:\S+ was emptied/);
    expect(await answers('/api/movies/550')).toBe(true);
  });
});

describe('the command as it is typed', () => {
  /** What `npm start` runs; the installation before it is not what this is about. */
  const command =
    Bun.which('npm') === null ? [process.execPath, 'run', 'start'] : ['npm', 'start', '--ignore-scripts'];

  // On the folder of the one command, which has been stopped: a new one costs several times the processor time.
  beforeAll(() => running[Symbol.asyncDispose]());

  test.each(['what was typed', 'its whole group'])(
    'a signal to %s ends the service, with exit 0',
    async (target) => {
      const port = String(await freePort());
      const child = Bun.spawn(['setsid', '--wait', ...command], {
        cwd: fileURLToPath(new URL('..', import.meta.url)),
        env: { PATH: process.env.PATH, HOME: folder.path, ...env, ...other, PORT: port },
        stdin: 'ignore',
        stdout: 'ignore',
        stderr: 'ignore',
      });
      const base = `http://127.0.0.1:${port}`;
      try {
        await until(() => answers('/health/ready', base), patienceMs);
        process.kill(target === 'what was typed' ? child.pid : -child.pid, 'SIGTERM');
        expect(await child.exited).toBe(0);
        expect(await answers('/health/live', base)).toBe(false);
        expect(existsSync(join(env.NEXUS_DATA_DIR, 'postgres', 'postmaster.pid'))).toBe(false);
      } finally {
        if (child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
      }
    },
  );
});

describe.concurrent('a bad setting', () => {
  test('stops the start with one message that names them all and no value', async () => {
    await using program = startProgram('scripts/start.ts', {
      ...env,
      PORT: 'eighty',
      TMDB_MAX_RPS: '0',
      MIRROR_SCOPE: 's3cret',
    });
    expect(await program.exited).toBe(1);
    for (const name of ['PORT', 'TMDB_MAX_RPS', 'MIRROR_SCOPE']) expect(program.output()).toContain(name);
    expect(program.output()).not.toContain('s3cret');
    expect(program.output().match(/PORT/g)).toHaveLength(1);
  });

  test('so does a folder of records that is not there', async () => {
    await using data = await temporaryFolder();
    await using program = startProgram('scripts/start.ts', {
      NEXUS_DATA_DIR: join(data.path, 'data'),
      PORT: '0',
      NEXUS_REAL_DATA: '/no/such/s3cret',
    });
    expect(await program.exited).toBe(1);
    expect(program.output()).toContain('NEXUS_REAL_DATA');
    expect(program.output()).not.toMatch(/s3cret| {4}at /);
  });

  test('production without a TMDb credential is refused', async () => {
    await using program = startProgram('scripts/start.ts', {
      ...env,
      NODE_ENV: 'production',
      JWT_SECRET: 'x'.repeat(32),
    });
    expect(await program.exited).toBe(1);
    expect(program.output()).toContain('TMDB_ACCESS_TOKEN');
  });
});
