import type { Pool } from 'pg';
import type { Statement } from '#shared/db/sql.ts';
import { NexusError } from '#shared/errors.ts';
import { requestContext } from '#shared/request-context.ts';
import { createFairLane, type FairLane } from './fair-lane.ts';
import { queryStore } from './query-store.ts';

/** Of the connections of a process. The others are for everybody else. */
const atOnce = 2;
/** A page of the console asks for about ten things. */
const mostWaiting = 100;

const lanes = new WeakMap<Pool, FairLane>();

/**
 * `queryStore` for what administrators look at, which reads much where there is much: so many of them at once would
 * take all connections from those who read. Sessions take turns, so that one that was stolen and asks on and on does
 * not keep its owner from ending it.
 * @throws {NexusError} `unavailable` where too many wait
 */
export const queryInTurn = <Row>(pool: Pool, statement: Statement<Row>): Promise<Row[]> =>
  laneOf(pool).run(requestContext.getStore()?.sessionId ?? '', () => queryStore(pool, statement));

function laneOf(pool: Pool): FairLane {
  const known = lanes.get(pool);
  if (known !== undefined) return known;
  const made = createFairLane({ lanes: atOnce, maxWaiting: mostWaiting, refusal: tooMany });
  lanes.set(pool, made);
  return made;
}

const tooMany = () =>
  new NexusError('unavailable', 'Administrators ask for too much at once. Please try again.');
