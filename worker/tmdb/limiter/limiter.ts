import type { Redis, RedisOptions } from 'ioredis';
import { NexusError } from '#shared/errors.ts';
import type { Log } from '#shared/log.ts';
import { stoppedError } from '../upstream/upstream-error.ts';
import { createAnswerTimes } from './answer-times.ts';
import { createLocalWindow } from './local-window.ts';
import { openPacer } from './pacer.ts';
import { planRate } from './rate-plan.ts';
import { createRedisWindow } from './redis-window.ts';
import { SlotPump } from './slot-pump.ts';
import { type Waiter, WaitingLine } from './waiting-line.ts';

export interface LimiterOptions {
  /** For all processes on the same Redis together. */
  maxRps: number;
  redis?: Redis | undefined;
  log: Log;
  /** Of this process. By default as many as the rate needs at the time that answers take. */
  maxConnections?: number;
  /** How long Redis may be silent before those who wait are told so. */
  redisTimeoutMs?: number;
  onGrant?: (epochMs: number) => void;
}

export interface LimiterStats {
  granted: number;
  /** Milliseconds waited for slots, summed over all who got one. */
  waitMs: number;
  waiting: number;
  running: number;
}

export interface TurnOptions {
  signal: AbortSignal;
  /** Goes before all others, within half of the budget. */
  onDemand?: boolean | undefined;
}

export interface Limiter extends AsyncDisposable {
  /**
   * Runs `task` when it is its turn. A caller that gives up by `signal` uses no slot. `task` may tell when its answer
   * begins: the sooner that is known, the sooner the slot is somebody else's.
   * @throws {NexusError} `shutting_down`, `unavailable` (Redis is away)
   */
  run<T>(task: (answered: () => void) => Promise<T>, options: TurnOptions): Promise<T>;
  /** How many calls of this process may be under way now. */
  callsAtOnce(): number;
  stats(): LimiterStats;
}

/** One budget of calls to TMDb, shared by every worker on the same Redis. */
export function openLimiter(options: LimiterOptions): Limiter {
  const { maxRps, maxConnections, redisTimeoutMs = 2000, log } = options;
  const redis = options.redis && connectLimiterRedis(options.redis, redisTimeoutMs);
  const plan = planRate(maxRps);
  const line = new WaitingLine();
  const stats = { granted: 0, waitMs: 0, running: 0 };
  const times = createAnswerTimes({ maxRps });
  const callsAtOnce = () => maxConnections ?? times.callsAtOnce();
  const window = redis ? createRedisWindow(redis, plan) : createLocalWindow(plan, times.leastMs);
  const pump = new SlotPump({
    plan,
    line,
    window,
    openPacer: (events) => openPacer({ plan, ...events }),
    idleConnections: () => callsAtOnce() - stats.running,
    grant: (waiter) => {
      stats.granted += 1;
      stats.running += 1;
      stats.waitMs += performance.now() - waiter.since;
      options.onGrant?.(Date.now());
      waiter.grant();
    },
    giveUp: (cause) => {
      if (line.length === 0) return;
      log.warn({ err: cause, waiting: line.length }, 'the rate limiter cannot be reached');
      line.failAll(unreachable(cause));
    },
  });
  let closed = false;

  return {
    async run(task, { signal, onDemand = false }) {
      if (closed) throw stoppedError();
      await waitInLine({ line, signal, onDemand, joined: () => pump.pump() });
      const startedAt = performance.now();
      let isAnswered = false;
      const answered = () => {
        if (isAnswered) return;
        isAnswered = true;
        times.answered(performance.now() - startedAt);
        window.ended?.({ onDemand });
      };
      try {
        return await task(answered);
      } finally {
        answered();
        times.over(performance.now() - startedAt);
        stats.running -= 1;
        pump.pump();
      }
    },
    callsAtOnce,
    stats: () => ({ ...stats, waiting: line.length }),
    async [Symbol.asyncDispose]() {
      closed = true;
      line.failAll(stoppedError());
      pump.close();
      redis?.disconnect();
    },
  };
}

function waitInLine(options: {
  line: WaitingLine;
  signal: AbortSignal;
  onDemand: boolean;
  joined: () => void;
}): Promise<void> {
  const { line, signal, onDemand, joined } = options;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  if (signal.aborted) return Promise.reject(stoppedError());
  const leave = () => {
    line.leave(waiter);
    reject(stoppedError());
  };
  const waiter: Waiter = {
    onDemand,
    since: performance.now(),
    grant: resolve,
    fail: reject,
  };
  signal.addEventListener('abort', leave, { once: true });
  line.add(waiter);
  joined();
  return promise.finally(() => signal.removeEventListener('abort', leave));
}

function unreachable(cause: unknown): NexusError {
  return new NexusError('unavailable', 'The rate limiter cannot be reached.', { cause, retryAfterMs: 1000 });
}

/** A connection on which no command waits for ever, whatever the given one (the queue's) is set to. */
function connectLimiterRedis(redis: Redis, timeoutMs: number): Redis {
  const bounded: RedisOptions = {
    maxRetriesPerRequest: 1,
    commandTimeout: timeoutMs,
    connectTimeout: timeoutMs,
    retryStrategy: (times: number) => Math.min(100 * times, 1000),
  };
  const own: Redis = redis.duplicate<RedisOptions>(bounded);
  // Without a listener an error event would end the process; who waits hears of it by a failed command.
  own.on('error', () => {});
  return own;
}
