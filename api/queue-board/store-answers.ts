import { StoreAwayError } from '#shared/db/store-away.ts';
import type { NexusError } from '#shared/errors.ts';
import type { Queues } from '#shared/queues/queue.ts';
import { within } from '#shared/within.ts';
import { notPossible, notThere } from './board-refusal.ts';

const pingTimeoutMs = 2000;
const workTimeoutMs = 3000;

/**
 * Runs `work` only if the queue's store answers. Otherwise the connection would keep the command and run it
 * when the store returns, long after the caller was told that it failed.
 */
export async function withStore<T>(queues: Pick<Queues, 'ping'>, work: () => Promise<T>): Promise<T> {
  await within(pingTimeoutMs, queues.ping()).catch((error: unknown) => {
    throw new StoreAwayError('the queue does not answer', { cause: error });
  });
  try {
    return await within(workTimeoutMs, work());
  } catch (error) {
    throw queueRefusal(error) ?? error;
  }
}

/** The queue's own refusals have negative numbers, -1 for no such job: it may have moved on since it was looked at. */
function queueRefusal(error: unknown): NexusError | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (typeof code !== 'number' || code >= 0) return undefined;
  return code === -1 ? notThere() : notPossible('This is not possible in the current state of the job.');
}
