import { setImmediate as theStoreToBeAsked } from 'node:timers/promises';
import type { Statement } from '#shared/db/sql.ts';
import { runRepeated } from './run-repeated.ts';
import type { Sql } from './write-transaction.ts';

/** Runs statements one after the other; while one runs, the next is made. Nothing is run for one that is `undefined`. */
export async function runInTurn(on: Sql, makers: Iterable<() => Statement | undefined>): Promise<void> {
  let running: Promise<unknown> | undefined;
  for (const make of makers) {
    const statement = make();
    await running;
    if (statement === undefined) continue;
    running = runRepeated(on, statement);
    // It is awaited after the next one is made.
    running.catch(() => {});
    await theStoreToBeAsked();
  }
  await running;
}

/** What the store answered waits for no longer than this, and one more item. */
const turnMs = 0.5;

/** Makes something of each item while the store is busy. What it answers meanwhile is attended to. */
export function makeAhead<Item, Made>(
  items: readonly Item[],
  make: (item: Item) => Made | Promise<Made>,
): Promise<Made[]> {
  const making = (async () => {
    const made: Made[] = [];
    let lookedMs = Number.NEGATIVE_INFINITY;
    for (const item of items) {
      if (performance.now() - lookedMs > turnMs) {
        await theStoreToBeAsked();
        lookedMs = performance.now();
      }
      made.push(await make(item));
    }
    return made;
  })();
  // Whoever needs it awaits it, unless it failed itself before.
  making.catch(() => {});
  return making;
}
