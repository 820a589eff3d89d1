import { expect, test } from 'bun:test';
import { join } from 'node:path';
import { testDatabase } from '#tests/support/database.ts';
import { hasRedis } from '#tests/support/redis.ts';
import { takePrecedence } from '#tests/support/take-precedence.ts';

/** Nothing of this machine changes: the namespaces are the test's own, and end with it. */
const ownNamespaces = [
  'unshare',
  ...['--user', '--map-root-user', '--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc'],
];

/** Debian has `ip` and `tc` where not everybody looks. */
const PATH = `${process.env.PATH}:/usr/sbin:/sbin`;
const env = { ...process.env, PATH };

/** Whether this machine lets us make hosts of our own. Where it does not, the gate fails and others are told. */
function canMakeHosts(): boolean {
  const programs = ['unshare', 'nsenter', 'ip', 'tc'].filter((name) => Bun.which(name, { PATH }) === null);
  const tried =
    programs.length === 0
      ? Bun.spawnSync([...ownNamespaces, 'ip', 'link', 'set', 'lo', 'up'], { env })
      : undefined;
  if (tried?.exitCode === 0) return true;
  const line = `NO NETWORK NAMESPACES ON THIS MACHINE (${programs.join(', ') || 'not allowed'}): NO PACKETS ARE DROPPED`;
  if (process.env.REQUIRE_NETNS === '1') throw new Error(`${line}, and REQUIRE_NETNS=1 forbids that`);
  process.stderr.write(`\n*** ${line} ***\n\n`);
  return false;
}

test.skipIf(!canMakeHosts() || !hasRedis)(
  'packets that are dropped in silence are noticed within 30 s, and all works again within 60 s',
  async () => {
    using _precedence = takePrecedence();
    await using database = await testDatabase();
    const { host = '', port, user = '', database: name = '' } = database.clientConfig;
    const inside = [
      process.execPath,
      'tests/faults/dropped-packets.ts',
      join(host, `.s.PGSQL.${port}`),
      user,
      name,
    ];
    const child = Bun.spawn([...ownNamespaces, 'bash', 'tests/faults/in-namespaces.sh', ...inside], {
      cwd: join(import.meta.dir, '../..'),
      env,
      stdout: 'pipe',
      stderr: 'inherit',
    });
    const said = await new Response(child.stdout).text();
    expect({ exit: await child.exited, said }).toMatchObject({ exit: 0 });
    const { noticedAfterMs, wellAfterMs } = JSON.parse(said) as Record<string, Record<string, number>>;
    process.stderr.write(said);
    for (const [part, ms] of Object.entries(noticedAfterMs ?? {}))
      expect({ part, inTime: ms < 30_000 }).toEqual({ part, inTime: true });
    for (const [part, ms] of Object.entries(wellAfterMs ?? {}))
      expect({ part, inTime: ms !== null && ms < 60_000 }).toEqual({ part, inTime: true });
  },
  180_000,
);
