import { expect, test } from 'bun:test';
import { openTestApi } from '#tests/support/api/api-fixture.ts';
import { testDatabase } from '#tests/support/database.ts';

const heldBytes = () => {
  Bun.gc(true);
  return process.memoryUsage().heapUsed;
};

test('an app that has stopped is held by nothing', async () => {
  await using database = await testDatabase();
  const made: WeakRef<object>[] = [];
  for (let i = 0; i < 5; i++) {
    await using api = await openTestApi({ database });
    made.push(new WeakRef(api.app));
  }
  await Bun.sleep(0);
  heldBytes();
  // Some may still lie on the stack.
  expect(made.filter((each) => each.deref() !== undefined).length).toBeLessThan(made.length - 1);
});

test('an app takes no room for what it has yet to remember', async () => {
  await using api = await openTestApi();
  const before = heldBytes();
  const others = Array.from({ length: 5 }, () => api.anotherApp({}));
  expect((heldBytes() - before) / others.length).toBeLessThan(8 * 1024 * 1024);
});
