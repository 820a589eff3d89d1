import type { FaultRule } from '#sandbox/faults.ts';
import type { Fault } from '../fault.ts';

const lastsMs = 15_000;

/** What TMDb may do, and how the table says it. */
const misdeeds: readonly [words: string, rules: FaultRule[]][] = [
  ['hangs', [{ kind: 'hang' }]],
  ['takes 3 s for each answer', [{ kind: 'slow', delayMs: 3000 }]],
  ['answers HTML with 200', [{ kind: 'html-200' }]],
  ['answers HTML with 502', [{ kind: 'html' }]],
  ['answers 500', [{ kind: 'status-500' }]],
  ['answers 503', [{ kind: 'status-503' }]],
  ['answers 429', [{ kind: 'rate-limited' }]],
  ['answers 429 with Retry-After', [{ kind: 'rate-limited-retry-after', retryAfter: 3 }]],
  ['answers 401', [{ kind: 'bad-key' }]],
  ['cuts its JSON', [{ kind: 'truncated' }]],
  ['answers JSON of another shape', [{ kind: 'wrong-shape' }]],
  ['answers every second call with 404', [{ kind: 'vanish', probability: 0.5 }]],
  ['breaks every connection', [{ kind: 'reset' }]],
];

export const upstreamFaults: readonly Fault[] = misdeeds.map(([words, rules]) => ({
  name: `TMDb ${words}`,
  topologies: ['postgres', 'redis'],
  lastsMs,
  inject: (on) => on.sandbox.misbehave(rules),
  heal: (on) => on.sandbox.misbehave([]),
}));
