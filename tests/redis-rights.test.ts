import { describe, expect, test } from 'bun:test';
import { Redis } from 'ioredis';
import { parse } from 'yaml';
import { openAccount } from '#tests/support/api/account-fixture.ts';
import { testSecret } from '#tests/support/api/api-fixture.ts';
import { hasRedis, testRedis } from './support/redis.ts';
import { openService } from './support/service.ts';

const operations = (name: string) => Bun.file(new URL(`../${name}`, import.meta.url)).text();

/** The words of `docker-compose.yml` for what processes may do at Redis. */
async function rightsInComposition(): Promise<string[]> {
  const command: string[] = parse(await operations('docker-compose.yml'), { merge: true }).services.redis
    .command;
  const at = command.indexOf('--user');
  expect(command.slice(at, at + 3)).toEqual(['--user', 'default', 'on']);
  expect(command[at + 3]).toStartWith('>${REDIS_PASSWORD');
  return command.slice(at + 4);
}

describe('what processes may do at Redis', () => {
  test('is the same with secrets in files', async () => {
    const words = (await rightsInComposition()).join(' ');
    expect(await operations('docs/operations/compose.secrets.yml')).toContain(
      `# user default on ><password> ${words}\n`,
    );
  });

  test.skipIf(!hasRedis)(
    'is enough for all of the service, and no more than that',
    async () => {
      const rights = { password: 'a-password-of-redis', words: await rightsInComposition() };
      await using redis = await testRedis(undefined, rights);
      await using service = await openService({
        env: {
          REDIS_URL: redis.url,
          JWT_SECRET: testSecret,
          RATE_LIMIT: 'on',
          MIRROR_SCOPE: 'full',
          TMDB_MAX_RPS: '500',
        },
      });
      const admin = await openAccount(service.database, { role: 'admin' });
      expect((await service.sync('trending')).status).toBe('succeeded');
      expect((await service.get('/health/ready')).status).toBe(200);
      const login = { email: `${admin.userId}@example.org`, password: 'wrong' };
      for (const expected of [...Array(10).fill(401), 429]) {
        const answer = await service.get('/api/auth/login', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(login),
        });
        expect(answer.status).toBe(expected);
      }
      const overview = await service.get('/api/admin/overview', { headers: admin.headers });
      expect(overview.status).toBe(200);
      for (const path of ['/queues?activeQueue=sync&status=latest&page=1&jobsPerPage=50', '/redis/stats']) {
        const answer = await service.get(`/admin/queues/api${path}`, { headers: admin.console });
        expect({ path, status: answer.status }).toEqual({ path, status: 200 });
      }
      await using stack = new AsyncDisposableStack();
      const client = stack.adopt(new Redis(redis.url), (it) => it.disconnect());
      // The limits are there, not in the memory of a process that was refused.
      expect(await client.exists('nexus:sync:meta')).toBe(1);
      const [, counted] = await client.scan(0, 'MATCH', 'nexus-login-pair*', 'COUNT', 10_000);
      expect(counted).toHaveLength(1);
      for (const [command, ...given] of [
        ['config', 'get', '*'],
        ['config', 'set', 'dir', '/tmp'],
        ['flushall'],
        ['keys', '*'],
        ['shutdown', 'nosave'],
        ['replicaof', '127.0.0.1', '1'],
        ['acl', 'list'],
        ['client', 'kill', 'type', 'normal'],
        ['set', 'other', 'x'],
        ['get', 'other'],
        ['subscribe', 'x'],
      ] as const)
        expect([command, await client.call(command, ...given).catch(String)]).toEqual([
          command,
          expect.stringContaining('NOPERM'),
        ]);
    },
    120_000,
  );
});
