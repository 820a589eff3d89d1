import { createRequire } from 'node:module';
import type { Pool } from 'pg';
import { Gauge, Registry } from 'prom-client';
import { type EventLoopWatch, watchEventLoop } from '#shared/metrics/watch-event-loop.ts';
import packageJson from '../../../package.json' with { type: 'json' };

export interface ProcessMetrics extends Disposable {
  registry: Registry;
}

type Collector = (registry: Registry) => void;

const requirePackage = createRequire(import.meta.url);
/**
 * Of the library's default metrics those that this runtime counts. The others are all zeros or nonsense, and to register
 * them all walks through the whole heap and leaves timers and observers behind.
 */
const collectors = [
  'processCpuTotal',
  'processStartTime',
  'osMemoryHeap',
  'processOpenFileDescriptors',
  'processMaxFileDescriptors',
].map((name): Collector => requirePackage(`prom-client/lib/metrics/${name}.js`));
/** Comes with the memory of the process, and is nonsense here. */
const meaningless = 'process_heap_bytes';

/** What Prometheus is told of this process itself. */
export function openProcessMetrics(pool: Pool): ProcessMetrics {
  const registry = new Registry();
  const loop: EventLoopWatch = watchEventLoop();
  for (const collect of collectors) collect(registry);
  registry.removeSingleMetric(meaningless);
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
