import { expect, test } from 'bun:test';
import type { Queues } from '#shared/queues/queue.ts';
import { createMissBudget, maxPendingMisses } from './miss-budget.ts';

/** A queue that holds a job a while before it says so. */
function slowQueue() {
  let held = 0;
  const queue = () => ({ getJobCounts: async () => ({ waiting: held }) });
  return {
    queues: { queue } as unknown as Pick<Queues, 'queue'>,
    held: () => held,
    async enqueue() {
      held++;
      await Bun.sleep(20);
    },
  };
}

test('what is being added while it counts is not counted twice', async () => {
  const { queues, enqueue, held } = slowQueue();
  let nowMs = 1000;
  const budget = createMissBudget({ queues, now: () => nowMs });
  const spend = (times: number) => Array.from({ length: times }, () => budget.spend(enqueue));
  const first = spend(600);
  await Bun.sleep(5);
  nowMs += 1000;
  const outcomes = await Promise.allSettled([...first, ...spend(500)]);
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(maxPendingMisses);
  expect(held()).toBe(maxPendingMisses);
});

test('an enqueue that hangs is waited for no longer than a moment, and counts', async () => {
  const { queues, enqueue } = slowQueue();
  let nowMs = 1000;
  const budget = createMissBudget({ queues, now: () => nowMs });
  const never = new Promise<void>(() => {});
  void budget.spend(() => never);
  await Bun.sleep(5);
  nowMs += 1000;
  const outcomes = await Promise.allSettled(
    Array.from({ length: maxPendingMisses }, () => budget.spend(enqueue)),
  );
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(maxPendingMisses - 1);
});
