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

const script = `
  import { bufferedOutput } from '${import.meta.dir}/buffered-output.ts';
  const output = bufferedOutput(1);
  const title = process.pid % 2 === 0 ? 'Alien' : 'Amélie 千と千尋の神隠し';
  for (let n = 0; n < 20_000; n++)
    output.write(JSON.stringify({ pid: process.pid, n, title, more: 'x'.repeat(n % 200) }) + '\\n');`;

test('lines of several processes that write to one pipe stay whole, and each keeps its order', async () => {
  const one = `"${process.execPath}" -e "$SCRIPT" &`;
  await using shell = Bun.spawn(['sh', '-c', `{ ${one} ${one} ${one} wait; } | { sleep 1; cat; }`], {
    env: { ...process.env, SCRIPT: script },
    stdout: 'pipe',
  });
  const lines = (await new Response(shell.stdout).text()).trimEnd().split('\n');
  const last = new Map<number, number>();
  for (const line of lines) {
    const { pid, n } = JSON.parse(line);
    expect(n).toBe((last.get(pid) ?? -1) + 1);
    last.set(pid, n);
  }
  expect([...last.values()]).toEqual([19_999, 19_999, 19_999]);
});
