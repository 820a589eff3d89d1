import { afterAll, expect, test } from 'bun:test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = await mkdtemp(join(tmpdir(), 'nexus-account-'));
afterAll(() => rm(folder, { recursive: true }));

const unshareAt = Bun.which('unshare');

const script = `
const { choosePostgresAccount } = await import(${JSON.stringify(join(import.meta.dir, 'postgres-account.ts'))});
const account = await choosePostgresAccount('${folder}', '${folder}/postgres', '/bin/sh').catch(({ message }) => message);
console.log(JSON.stringify(account));`;

/** What is chosen for a user of this number, in a namespace where our files are theirs. */
function chosenFor(uid: number, env: Record<string, string>): unknown {
  const unshare = [unshareAt ?? '', '--user', `--map-user=${uid}`, `--map-group=${uid}`, '--'];
  const { stdout } = Bun.spawnSync([...unshare, process.execPath, '-e', script], { env });
  return JSON.parse(stdout.toString());
}

const nobody = 65534;
const nameless = 42_424;
const hasNamespaces =
  unshareAt !== null && Bun.spawnSync([unshareAt, '--user', '--map-user=65534', 'true']).success;

// Where a container forbids namespaces, there is no second user to try it as.
test.skipIf(!hasNamespaces).each([
  ['no environment', {}],
  ['commands of its own alone', { PATH: folder, HOME: folder }],
  ['another name in USER', { USER: 'somebody-else' }],
])('a user who has a name runs PostgreSQL as they are, with %s', (_, env) => {
  expect(chosenFor(nobody, env)).toEqual({ prefix: [] });
});

test.skipIf(!hasNamespaces)('a name in USER alone is none', () => {
  expect(chosenFor(nameless, { USER: 'nobody', HOME: folder })).not.toEqual({ prefix: [] });
});
