import type { Pool } from 'pg';
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { type EventLoopWatch, watchEventLoop } from '#shared/metrics/watch-event-loop.ts';
import packageJson from '../../../package.json' with { type: 'json' };

export interface ProcessMetrics extends Disposable {
  registry: Registry;
}

/** Of another runtime, or not counted by this one: all zeros or nonsense. */
const isMeaningless = (name: string) => name.startsWith('nodejs_') || name === 'process_heap_bytes';

/** What Prometheus is told of this process itself. */
export function openProcessMetrics(pool: Pool): ProcessMetrics {
  const registry = new Registry();
  const loop: EventLoopWatch = watchEventLoop();
  collectDefaultMetrics({ register: registry });
  for (const { name } of registry.getMetricsAsArray())
    if (isMeaningless(name)) registry.removeSingleMetric(name);
  new Gauge({
    name: 'nexus_build_info',
    help: 'Always 1. Its labels say which version runs.',
    labelNames: ['version', 'bun'],
    aggregator: 'first',
    registers: [registry],
  }).set({ version: packageJson.version, bun: Bun.version }, 1);
  new Gauge({
    name: 'nexus_event_loop_lag_seconds',
    help: 'The longest delay of the event loop of this process in the last ten to twenty seconds.',
    aggregator: 'max',
    registers: [registry],
    collect() {
      this.set(loop.lagMs() / 1000);
    },
  });
  new Gauge({
    name: 'nexus_pool_connections',
    help: 'Connections to PostgreSQL, and requests that wait for one.',
    labelNames: ['state'],
    registers: [registry],
    collect() {
      this.set({ state: 'open' }, pool.totalCount);
      this.set({ state: 'idle' }, pool.idleCount);
      this.set({ state: 'awaited' }, pool.waitingCount);
    },
  });
  return { registry, [Symbol.dispose]: () => loop[Symbol.dispose]() };
}
