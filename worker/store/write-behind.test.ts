import { expect, test } from 'bun:test';
import { within } from '#shared/within.ts';
import { WriteBehind } from './write-behind.ts';

/** No wait of a test is as long. */
const forever = 600_000;
const patienceMs = 20_000;

/** A writer whose writes end when the test says so. */
function openWriter() {
  const written: number[][] = [];
  let end = Promise.withResolvers<void>();
  const writer = new WriteBehind<number>({
    write: async (batch) => {
      written.push(batch);
      await end.promise;
    },
    batchSize: 10,
    gatherMs: forever,
    maxWaiting: 15,
  });
  const endWrite = () => {
    end.resolve();
    end = Promise.withResolvers();
  };
  return { writer, written, endWrite, failWrite: (error: Error) => end.reject(error) };
}

const addTo = (writer: WriteBehind<number>, count: number) => {
  for (let n = 0; n < count; n++) writer.add(n);
};

const messageOf = (work: Promise<void>): Promise<string> =>
  work.then(
    () => 'nothing failed',
    (error: Error) => error.message,
  );

const untilTrue = (holds: () => boolean) =>
  within(
    patienceMs,
    (async () => {
      while (!holds()) await Bun.sleep(1);
    })(),
  );

test('there is room again as soon as a batch is taken: nobody waits for items that cannot come', async () => {
  const { writer, written, endWrite } = openWriter();
  addTo(writer, 10);
  await untilTrue(() => written.length === 1);
  // They wait behind the write, and are no whole batches.
  addTo(writer, 15);
  let hasRoom = false;
  const room = writer.room().then(() => {
    hasRoom = true;
  });
  await Bun.sleep(5);
  expect(hasRoom).toBe(false);
  endWrite();
  await untilTrue(() => written.length === 2);
  await within(patienceMs, room);
  // With what came into the room the next batch is whole, and goes without a wait.
  addTo(writer, 5);
  endWrite();
  await untilTrue(() => written.length === 3);
  expect(written.map((batch) => batch.length)).toEqual([10, 10, 10]);
});

test('what is no whole batch goes when nothing more will come', async () => {
  const { writer, written, endWrite } = openWriter();
  addTo(writer, 3);
  const flushed = writer.flush();
  await untilTrue(() => written.length === 1);
  endWrite();
  await within(patienceMs, flushed);
  expect(written).toEqual([[0, 1, 2]]);
});

test('after a failure nothing more is written, and whoever waits or flushes is told', async () => {
  const { writer, written, failWrite } = openWriter();
  addTo(writer, 10);
  await untilTrue(() => written.length === 1);
  addTo(writer, 15);
  const told = messageOf(writer.room());
  failWrite(new Error('the disk is full'));
  expect(await within(patienceMs, told)).toBe('the disk is full');
  writer.add(1);
  expect(await messageOf(writer.room())).toBe('the disk is full');
  expect(await messageOf(writer.flush())).toBe('the disk is full');
  expect(written).toHaveLength(1);
});
