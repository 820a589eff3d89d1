import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { leastOf } from '#tests/support/least-of.ts';
import { type Program, startProgram, temporaryFolder } from '#tests/support/program.ts';
import { tookMs } from '#tests/support/took-ms.ts';
import { lockDataFolder } from './data-folder.ts';
import { openEmbeddedPostgres } from './embedded-postgres.ts';

/** What a power cut, a full disk or a person may have made of a file. */
const damages: [what: string, make: (path: string) => Promise<unknown>][] = [
  ['empty', (path) => writeFile(path, '')],
  ['garbage', (path) => writeFile(path, 'garbage\u0000\u0001 of any kind'.repeat(100))],
  ['a directory', (path) => mkdir(path)],
];
const noFiles = damages.filter(([what]) => what !== 'empty');

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let dataDir: string;
beforeAll(async () => {
  folder = await temporaryFolder();
  dataDir = join(folder.path, 'data');
  await (await open()).stop();
});
afterAll(() => folder[Symbol.asyncDispose]());

const open = () => openEmbeddedPostgres({ dataDir, durable: false });
const refusal = (opening: Promise<unknown>) =>
  opening.then(
    () => 'opened',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
/** Puts it in the place of the file, and takes it away again. */
async function damaged(path: string, make: (path: string) => Promise<unknown>): Promise<AsyncDisposable> {
  await rm(path, { recursive: true, force: true });
  await make(path);
  return { [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

describe('the pid file of PostgreSQL', () => {
  const pidFile = () => join(dataDir, 'postgres', 'postmaster.pid');

  test.each(damages)('%s: says so in one line that names it, and works once it is gone', async (_, make) => {
    {
      await using _file = await damaged(pidFile(), make);
      const starting = async () => {
        const said = await refusal(open());
        expect(said).toStartWith(`PostgreSQL cannot start, because ${pidFile()} is `);
        expect(said).toEndWith('delete it, and start again.');
        expect(said).not.toContain('\n');
      };
      // Not the wait for orphans of a killed server.
      expect(await leastOf(() => tookMs(starting), { enough: 12_000, rounds: 4 })).toBeLessThan(12_000);
    }
    await (await open()).stop();
  });

  test('with the pid of another PostgreSQL and nothing else: that one is left alone', async () => {
    await using other = await temporaryFolder();
    const stranger = await openEmbeddedPostgres({ dataDir: other.path, durable: false });
    const text = await readFile(join(other.path, 'postgres', 'postmaster.pid'), 'utf8');
    await using _file = await damaged(pidFile(), (path) => writeFile(path, `${text.split('\n')[0]}\n`));
    const own = await open();
    expect(own).toMatchObject({ started: true, owned: true });
    expect(own.host).not.toBe(stranger.host);
    await own.stop();
    expect(await openEmbeddedPostgres({ dataDir: other.path })).toMatchObject({ started: false });
    await stranger.stop();
  });

  test.each(['1', '999999999', '4194304'])(
    'with the pid %s of nobody, or of a stranger: starts',
    async (pid) => {
      await using _file = await damaged(pidFile(), (path) =>
        writeFile(path, `${pid}\n${dataDir}/postgres\n`),
      );
      await (await open()).stop();
    },
  );
});

describe('a lock file', () => {
  test.each(
    noFiles.flatMap((damage) =>
      ['postgres.lock', 'postgres.owner.lock'].map((name) => [name, ...damage] as const),
    ),
  )(
    '%s that is %s: says so in one line that names it, and leaves no server behind',
    async (name, _, make) => {
      const path = join(dataDir, name);
      {
        await using _file = await damaged(path, make);
        const said = await refusal(open());
        expect(said).toStartWith(`The lock file ${path} cannot be used`);
        expect(said).not.toContain('\n');
        expect(await readdir(join(dataDir, 'postgres'))).not.toContain('postmaster.pid');
      }
      await (await open()).stop();
    },
  );

  test.each(noFiles)('of the data folder that is %s: says so in one line that names it', async (_, make) => {
    const path = join(dataDir, 'nexus.lock');
    await using _file = await damaged(path, make);
    expect(await refusal(lockDataFolder(dataDir, 'start'))).toStartWith(
      `The lock file ${path} cannot be used`,
    );
  });

  test.each(['postgres.lock', 'nexus.lock'])('%s that is empty is as good as new', async (name) => {
    await using _file = await damaged(join(dataDir, name), (path) => writeFile(path, ''));
    await (await lockDataFolder(dataDir, 'start')).release();
    await (await open()).stop();
  });

  test('its note that is a directory: says so in one line that names it, and nothing is left over', async () => {
    const note = join(dataDir, 'nexus.lock.json');
    {
      await using _file = await damaged(note, (path) => mkdir(path));
      const said = await refusal(lockDataFolder(dataDir, 'start'));
      expect(said).toStartWith(`The file ${note} cannot be written`);
      expect(said).not.toContain('\n');
    }
    expect((await readdir(dataDir)).filter((name) => name.startsWith('nexus.lock.json'))).toEqual([]);
    await (await lockDataFolder(dataDir, 'start')).release();
  });

  test.each(damages.slice(0, 2))('its note that is %s does not matter', async (_, make) => {
    await using _file = await damaged(join(dataDir, 'nexus.lock.json'), make);
    await (await lockDataFolder(dataDir, 'start')).release();
  });
});

test('npm start says it in one line, and nothing else', async () => {
  await using _file = await damaged(join(dataDir, 'postgres', 'postmaster.pid'), (path) =>
    writeFile(path, ''),
  );
  await using program: Program = startProgram('scripts/start.ts', { NEXUS_DATA_DIR: dataDir, PORT: '0' });
  expect(await program.exited).toBe(1);
  const lines = program
    .output()
    .split('\n')
    .filter((line) => line.includes('postmaster.pid'));
  expect(lines).toHaveLength(1);
  expect(program.output()).not.toContain('    at ');
});
