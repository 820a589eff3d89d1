import type { Registry } from 'prom-client';
import { sampledMetric } from '../../http/metrics/sampled-metric.ts';

/** Keys beyond these are counted together. */
const mostKeys = 200;

/** Counts which key asked for which route, in plain numbers: routes and keys are few. */
export function createUsage(registry: Registry): (key: string, route: string) => void {
  const counts = new Map<string, Map<string, number>>();
  registry.registerMetric(
    sampledMetric({
      name: 'nexus_facade_requests_total',
      help: 'Requests of the TMDb-compatible routes, by the name of the key and by route.',
      type: 'counter',
      read: async () =>
        [...counts].flatMap(([key, routes]) =>
          [...routes].map(([route, value]) => ({ labels: { key, route }, value })),
        ),
    }),
  );
  return (key, route) => {
    const name = counts.has(key) || counts.size < mostKeys ? key : '(others)';
    const routes = counts.get(name) ?? new Map<string, number>();
    counts.set(name, routes.set(route, (routes.get(route) ?? 0) + 1));
  };
}
