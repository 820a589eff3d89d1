import type pg from 'pg';
import { WatchedClient } from '../db/watched-client.ts';

/** How long a worker waits for a job before it looks by itself: a notice may have been lost. */
const longestWaitSeconds = 10;

/** Makes BullMQ's backend so that no trouble outlasts its cause. */
export const outlastingTrouble =
  <Asked extends unknown[], Backend extends object>(create: (...asked: Asked) => Backend) =>
  (...asked: Asked): Backend => {
    const backend = create(...asked);
    // It would be an hour, since the connection that listens is tried by itself.
    Object.defineProperty(backend, 'maximumBlockTimeout', { value: longestWaitSeconds });
    const { connection } = backend as unknown as { connection: Opening };
    for (const opening of [connection, backend as unknown as Opening]) forgetFailedOpening(opening);
    return backend;
  };

interface Opening {
  waitUntilReady(): Promise<void>;
  /** What came of the first try; kept for ever, also when it failed. */
  readyPromise?: Promise<void> | undefined;
}

/** A queue that was opened in a moment without the server works when it is back. */
function forgetFailedOpening(opening: Opening): void {
  const open = opening.waitUntilReady.bind(opening);
  opening.waitUntilReady = () =>
    open().catch((error: unknown) => {
      opening.readyPromise = undefined;
      throw error;
    });
}

/** Of the queue's pool: the one that listens for jobs is tried while nobody asks. */
export class QueueClient extends WatchedClient {
  protected override noteAsked(asked: unknown): void {
    if (/^listen /im.test(textOf(asked))) this.startPulse();
    super.noteAsked(asked);
  }
}

const textOf = (asked: unknown): string =>
  typeof asked === 'string' ? asked : String((asked as pg.QueryConfig | undefined)?.text ?? '');
