import { expect, test } from 'bun:test';
import { join } from 'node:path';

const module = join(import.meta.dir, 'read-arguments.ts');

/** A command of two words at most, with the options `--times` and `--write`, or with none. */
async function run(args: readonly string[], { options = true, words = 2, code = 2 } = {}) {
  const settings = {
    usage: 'Usage: npm run example -- [words…]',
    options: options ? { times: { type: 'string', default: '1' }, write: { type: 'boolean' } } : {},
    positionals: words,
    misuseExitCode: code,
  };
  const program = `
    const { readArguments } = await import(${JSON.stringify(module)});
    const { values, positionals } = readArguments(${JSON.stringify(settings)});
    process.stdout.write(JSON.stringify([{ ...values }, positionals]));`;
  const child = Bun.spawn([process.execPath, '-e', program, '--', ...args], {
    stdout: 'pipe',
    stderr: 'pipe',
  });
  const [out, err] = await Promise.all([child.stdout, child.stderr].map((one) => new Response(one).text()));
  return { code: await child.exited, out, err };
}

const usage = 'Usage: npm run example -- [words…]\n';

test.each(['--help', '-h'])('%s is answered, also beside what is right', async (flag) => {
  for (const args of [[flag], ['word', '--write', flag]])
    expect(await run(args)).toEqual({ code: 0, out: usage, err: '' });
});

test('what is right is read', async () => {
  const out = JSON.stringify([{ times: '3', write: true }, ['one', 'two']]);
  expect(await run(['one', '--times=3', '--write', 'two'])).toEqual({ code: 0, out, err: '' });
});

test.each([
  { args: ['--no-such-flag=a-secret-word'], says: 'The options are --times, --write and --help.' },
  { args: ['--no-such-flag', 'a-secret-word'], says: 'The options are --times, --write and --help.' },
  { args: ['-x'], says: 'The options are --times, --write and --help.' },
  { args: ['--times'], says: 'The options are --times, --write and --help.' },
  { args: ['--write=a-secret-word'], says: 'The options are --times, --write and --help.' },
  { args: ['--a-secret-word'], on: { options: false }, says: 'Only --help is understood.' },
  { args: ['a', 'b', 'a-secret-word'], says: 'There are too many arguments.' },
  {
    args: ['a-secret-word'],
    on: { words: 0, code: 1 },
    says: 'This command takes no words beside its options.',
  },
])('$args is refused in a sentence that repeats nothing', async ({ args, on, says }) => {
  expect(await run(args, on)).toEqual({ code: on?.code ?? 2, out: '', err: `${says}\n\n${usage}` });
});
