import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import packageJson from '../package.json';
import { startProgram, temporaryFolder } from './support/program.ts';
import { freePort } from './support/redis.ts';

/** Every command of package.json that is a program of ours; the others are tools with a `--help` of their own. */
const commands = Object.entries(packageJson.scripts).flatMap(([name, script]) => {
  const file = /\bbun ((?:\w[\w-]*\/)*[\w-]+\.ts)$/.exec(script)?.[1];
  return file === undefined ? [] : [{ name, file }];
});
const all = [...commands, { name: 'check-health', file: 'scripts/check-health.ts' }];

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder[Symbol.asyncDispose]());

async function run(file: string, args: string[], settings: Record<string, string> = {}) {
  const data = join(folder.path, 'data');
  await using program = startProgram(file, { NEXUS_DATA_DIR: data, PORT: '0', ...settings }, args);
  const code = await program.exited;
  return { code, said: program.output(), touched: existsSync(data) };
}

describe('every command', () => {
  test('is known to this test', () => {
    const tools = [
      'prestart',
      'pretest',
      'test',
      'lint',
      'format',
      'format:check',
      'imports',
      'imports:check',
      'types',
      'migration:create',
      'rehearse-containers',
    ];
    expect([...commands.map(({ name }) => name), ...tools].sort()).toEqual(
      Object.keys(packageJson.scripts).sort(),
    );
  });

  // What `readArguments` itself does with any option is held by its own test: a start takes a second.
  const own = ['sandbox'];

  test.each(all)(
    '$name answers --help, and does nothing else',
    async ({ name, file }) => {
      // The long name cannot mean anything else; the short one could be given to another option.
      for (const flag of own.includes(name) ? ['--help', '-h'] : ['-h']) {
        const { code, said, touched } = await run(file, [flag]);
        expect({ code, said, touched }).toEqual({
          code: 0,
          said: expect.stringMatching(new RegExp(`^Usage: (npm (run )?|bun scripts/)${name}`)),
          touched: false,
        });
      }
    },
    60_000,
  );

  test.each(all)(
    '$name refuses what it does not know in a sentence, and does nothing',
    async ({ name, file }) => {
      const word = ['a-secret-word'];
      const flag = ['--no-such-flag=a-secret-word'];
      const takesWords = ['backup', 'restore', 'bench'].includes(name);
      for (const args of own.includes(name) ? [flag, word] : [takesWords ? flag : word]) {
        const { code, said, touched } = await run(file, args);
        expect({ isRefused: code === 1 || code === 2, said, touched }).toEqual({
          isRefused: true,
          said: expect.stringMatching(/Usage: |--help lists the options/),
          touched: false,
        });
        // The sandbox has no secrets, and repeats what it was given.
        expect(said).not.toMatch(name === 'sandbox' ? / {4}at / : /a-secret-word|no-such-flag| {4}at /);
      }
    },
    60_000,
  );
});

describe('a setting', () => {
  test('that looks like a misspelt one is pointed at, without its value', async () => {
    const { code, said } = await run('scripts/migrate.ts', [], {
      TMDB_ACESS_TOKEN: 'a-secret-word',
      DATABASE_URL: 'nonsense',
    });
    expect(code).toBe(1);
    expect(said).toContain(
      'TMDB_ACESS_TOKEN is not a setting of this service and has no effect. Did you mean TMDB_ACCESS_TOKEN?',
    );
    expect(said).not.toContain('a-secret-word');
  });

  test('HOST that this machine does not have is refused in a sentence', async () => {
    const { code, said } = await run('scripts/start.ts', [], {
      HOST: '192.0.2.1',
      PORT: String(await freePort()),
      SANDBOX_MOVIES: '200',
    });
    expect(code).toBe(1);
    // The log has lines of its own.
    const sentences = said.split('\n').filter((line) => line !== '' && !line.startsWith('{'));
    expect(sentences.at(-1)).toStartWith(
      'This machine has no address 192.0.2.1. Set HOST to one that it has',
    );
    expect(sentences).toHaveLength(2);
  }, 60_000);
});
