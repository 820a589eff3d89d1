import Bottleneck from 'bottleneck';
import { Redis } from 'ioredis';
import type { RatePlan } from './rate-plan.ts';

export interface Pacer {
  /** Turns booked and not come yet. */
  readonly booked: number;
  /** Books one turn; `onTurn` is called when it is there. */
  book(): void;
  close(): void;
}

export interface PacerOptions {
  plan: RatePlan;
  /** Shared with other processes through this connection, which the pacer closes; without one it paces only us. */
  redis?: Redis;
  redisTimeoutMs: number;
  name: string;
  onTurn: () => void;
  /** The pacer has closed itself and is of no use any more: open another. */
  onBroken: (error: Error) => void;
}

/** After this long without the turn that is due, something is wrong with the pacer, not with the rate. */
const overdueMs = 5000;
/** Bottleneck forgets a turn of a killed process after this long. */
const expiration = 10_000;

/** Spreads turns evenly over time, and over processes where there is Redis: Bottleneck, `minTime` only. */
export function openPacer(options: PacerOptions): Pacer {
  const { plan, onTurn } = options;
  const { bottleneck, ready, disconnect } = openBottleneck(options);
  let booked = 0;
  let closed = false;
  let watchdog: ReturnType<typeof setTimeout> | undefined;

  const close = () => {
    closed = true;
    clearTimeout(watchdog);
    disconnect();
  };
  const broken = (error: unknown) => {
    if (closed) return;
    close();
    options.onBroken(error instanceof Error ? error : new Error(String(error)));
  };
  const expectWithin = (ms: number) => {
    clearTimeout(watchdog);
    if (booked > 0 && !closed)
      watchdog = setTimeout(() => broken(new Error('a turn of the pacer never came')), ms);
  };
  // Other processes may have booked turns before ours.
  const turnWithinMs = overdueMs + 16 * plan.turnMs * plan.turnsAhead;
  const turn = async () => {
    if (closed) return;
    booked -= 1;
    expectWithin(turnWithinMs);
    onTurn();
  };
  let firstWithinMs = options.redis ? options.redisTimeoutMs : turnWithinMs;
  bottleneck.on('error', broken);
  ready.then(() => {
    firstWithinMs = turnWithinMs;
    expectWithin(turnWithinMs);
  }, broken);

  return {
    get booked() {
      return booked;
    },
    book() {
      booked += 1;
      if (booked === 1) expectWithin(firstWithinMs);
      bottleneck.schedule({ expiration }, turn).catch(broken);
    },
    close,
  };
}

/** No reservoir: clustered, Bottleneck refreshes it only every 5 s. */
function openBottleneck({ plan, redis, name }: PacerOptions) {
  const minTime = plan.turnMs;
  const connection = redis && new Bottleneck.IORedisConnection({ client: redis, Redis });
  connection?.on('error', () => {});
  const bottleneck = connection
    ? new Bottleneck({ id: name, minTime, datastore: 'ioredis', connection })
    : new Bottleneck({ minTime });
  return {
    bottleneck,
    ready: Promise.resolve(bottleneck.ready()),
    disconnect: () => {
      connection?.disconnect(false).catch(() => {});
      Promise.resolve(bottleneck.disconnect(false)).catch(() => {});
    },
  };
}
