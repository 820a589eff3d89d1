import { expect, test } from 'bun:test';

const entry = `${import.meta.dir}/main.ts`;
const env = { ...process.env, NEXUS_REAL_DATA: '', SANDBOX_MOVIES: '300' };

function start(...flags: string[]) {
  return Bun.spawn([process.execPath, entry, ...flags], {
    stdin: 'pipe',
    stdout: 'pipe',
    stderr: 'pipe',
    env,
  });
}

async function firstLine(stdout: ReadableStream<Uint8Array>) {
  const { value } = await stdout.getReader().read();
  return JSON.parse(new TextDecoder().decode(value)) as {
    sandbox: { url: string; exportUrl: string; imageUrl: string; identity: string; pid: number };
  };
}

test('says in its first line where it is, takes its size from the environment, and ends on SIGTERM', async () => {
  const main = start('--seed', '9');
  const { sandbox } = await firstLine(main.stdout);
  expect(sandbox).toMatchObject({ identity: 'sandbox:seed=9:movies=300', pid: main.pid });
  const answer = await fetch(`${sandbox.url}/movie/550?api_key=nexus-sandbox-key`);
  expect(answer.status).toBe(200);
  main.kill('SIGTERM');
  expect(await main.exited).toBe(0);
});

test('keeps a limit that it is given', async () => {
  const main = start('--max-rps', '2');
  const { sandbox } = await firstLine(main.stdout);
  const ask = async () => (await fetch(`${sandbox.url}/genre/movie/list?api_key=nexus-sandbox-key`)).status;
  expect((await Promise.all([ask(), ask(), ask()])).sort()).toEqual([200, 200, 429]);
  main.kill('SIGINT');
  expect(await main.exited).toBe(0);
});

test('ends when its parent is gone', async () => {
  const main = start('--exit-with-parent');
  await firstLine(main.stdout);
  main.stdin.end();
  expect(await main.exited).toBe(0);
});

test('goes on without a parent when not told otherwise', async () => {
  const main = start();
  const { sandbox } = await firstLine(main.stdout);
  main.stdin.end();
  expect((await fetch(`${sandbox.url}/genre/movie/list?api_key=nexus-sandbox-key`)).status).toBe(200);
  main.kill();
  await main.exited;
});

test.each([
  [['--movies', '5'], 'movies'],
  [['--movies', 'many'], 'movies'],
  [['--port', '99999'], 'port'],
  [['--unheard-of'], 'unheard-of'],
  [['--real-data', '/nowhere/at/all'], '/nowhere/at/all'],
])('refuses %j with one message and code 2', async (flags, named) => {
  const main = start(...flags);
  expect(await main.exited).toBe(2);
  const message = await new Response(main.stderr).text();
  expect(message.trim().split('\n')).toHaveLength(1);
  expect(message).toContain(named);
});
