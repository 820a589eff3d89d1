import { expect, test } from 'bun:test';

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
