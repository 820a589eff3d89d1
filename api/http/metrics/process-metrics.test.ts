import { expect, spyOn, test } from 'bun:test';
import v8 from 'node:v8';
import { Pool } from 'pg';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { openProcessMetrics } from './process-metrics.ts';

const namesOf = (registry: Registry) => registry.getMetricsAsArray().map(({ name }) => name);

test('of a process all is told that this runtime counts, without a walk through its heap', async () => {
  const all = new Registry();
  collectDefaultMetrics({ register: all });
  const walk = spyOn(v8, 'getHeapSpaceStatistics');
  using metrics = openProcessMetrics(new Pool());
  const text = await metrics.registry.metrics();
  expect(walk).not.toHaveBeenCalled();
  walk.mockRestore();
  const counted = namesOf(all).filter((name) => name.startsWith('process_') && name !== 'process_heap_bytes');
  expect(counted.length).toBeGreaterThan(5);
  const own = ['nexus_build_info', 'nexus_event_loop_lag_seconds', 'nexus_pool_connections'];
  expect(namesOf(metrics.registry)).toEqual([...counted, ...own]);
  for (const name of ['process_cpu_seconds_total', 'process_resident_memory_bytes', 'process_open_fds'])
    expect(Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1])).toBeGreaterThan(0);
});
