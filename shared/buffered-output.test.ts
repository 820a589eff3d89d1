import { expect, test } from 'bun:test';
import { join } from 'node:path';
import { temporaryFolder } from '#tests/support/program.ts';
import { until } from '#tests/support/until.ts';
import { bufferedOutput } from './buffered-output.ts';

/** A program whose log goes to `stdout`, and which says on stderr that it lived on. */
const logging = `
  const { createLog } = await import(${JSON.stringify(join(import.meta.dir, 'log.ts'))});
  const log = createLog({ level: 'info', name: 'test' });
  for (let line = 0; line < 500; line++) log.info({ line }, 'x'.repeat(100));
  await Bun.sleep(1200);
  log.fatal('the last one');
  process.stderr.write('it lived');`;

test('a disk that is full ends nobody who logs, and does not hold them up', async () => {
  const child = Bun.spawn([process.execPath, '-e', logging], {
    stdout: Bun.file('/dev/full'),
    stderr: 'pipe',
  });
  const late = setTimeout(() => child.kill('SIGKILL'), 20_000);
  expect({ said: await new Response(child.stderr).text(), code: await child.exited }).toEqual({
    said: 'it lived',
    code: 0,
  });
  clearTimeout(late);
});

test('what could not be written waits, and what was too much is told', async () => {
  await using folder = await temporaryFolder();
  const pipe = join(folder.path, 'pipe');
  await Bun.spawn(['mkfifo', pipe]).exited;
  const file = Bun.file(join(folder.path, 'read'));
  const read = () => Bun.spawn(['cat', pipe], { stdout: file });
  const first = read();
  const output = bufferedOutput(pipe);
  first.kill();
  await first.exited;
  const line = `${'é'.repeat(1000)}\n`;
  for (let lines = 0; lines < 1500; lines++) output.write(line);
  output.flushSync();

  const second = read();
  await until(async () => (await file.text()).includes('log line(s) were lost'));
  const told = (await file.text()).trimEnd().split('\n');
  const kept = told.slice(0, -1);
  expect(kept.length).toBeGreaterThan(500);
  expect(new Set(kept)).toEqual(new Set([line.trimEnd()]));
  expect(JSON.parse(told.at(-1) ?? '')).toMatchObject({
    level: 'warn',
    code: 'EPIPE',
    lines: 1500 - kept.length,
  });
  second.kill();
});
