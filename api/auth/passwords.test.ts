import { expect, test } from 'bun:test';
import { createPasswords } from './passwords.ts';

test('so many are hashed and wait, and whoever comes then is told to come again', async () => {
  const passwords = createPasswords({ lanes: 1, maxWaiting: 2 });
  const atOnce = await Promise.allSettled(
    ['a', 'b', 'c', 'd'].map((word) => passwords.hash(word, 'somebody')),
  );
  expect(atOnce.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled', 'rejected']);
  expect(atOnce[3]).toMatchObject({ reason: { code: 'unavailable', retryAfterMs: 2000 } });
  // Each of them has left the lane.
  expect(await passwords.verify('e', await passwords.hash('e', 'somebody'), 'somebody')).toBe(true);
});
