import { expect, test } from 'bun:test';
import { storeTroubleOf } from './store-away.ts';
import { WatchedClient } from './watched-client.ts';

test('one that found no server to connect to is broken in silence', async () => {
  const client = new WatchedClient({ connectionString: 'postgresql://a@127.0.0.1:1,127.0.0.1:2/a' });
  expect(storeTroubleOf(await client.connect().catch((error: unknown) => error))).toBe('away');
  client.break('Connection terminated');
  // An error that nobody listens to would fail this test.
  await Bun.sleep(50);
});
