import type { Registry } from 'prom-client';
import { type Sample, sampledMetric } from './sampled-metric.ts';

export interface HttpMetrics {
  /** @param route the template; `undefined` where there is none for what was asked */
  observe(method: string, route: string | undefined, status: number, ms: number): void;
}

/** Seconds. */
const bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
const boundsMs = bounds.map((seconds) => seconds * 1000);
const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

interface Tally {
  method: string;
  route: string;
  byStatus: Map<number, number>;
  /** One more than there are bounds: the last is for what took longer. */
  byDuration: number[];
  sumMs: number;
}

/** Counts in plain numbers, because hot reads must be cheap. Turned into Prometheus samples when asked. */
export function createHttpMetrics(registry: Registry): HttpMetrics {
  /** By route, then by method: two look-ups cost less than one key that is put together. */
  const tallies = new Map<string, Map<string, Tally>>();
  const tallyOf = (method: string, route: string): Tally => {
    const known = tallies.get(route)?.get(method);
    if (known !== undefined) return known;
    const tally = newTally(method, route);
    tallies.set(route, (tallies.get(route) ?? new Map()).set(method, tally));
    return tally;
  };
  const all = () => [...tallies.values()].flatMap((ofRoute) => [...ofRoute.values()]);
  registry.registerMetric(
    sampledMetric({
      name: 'nexus_http_requests_total',
      help: 'Answered requests, by route and status.',
      type: 'counter',
      read: async () => all().flatMap(requestSamples),
    }),
  );
  registry.registerMetric(
    sampledMetric({
      name: 'nexus_http_request_duration_seconds',
      help: 'Time taken to answer requests.',
      type: 'histogram',
      read: async () => all().flatMap(durationSamples),
    }),
  );
  return {
    observe(method, route = '(none)', status, ms) {
      const tally = tallyOf(methods.has(method) ? method : 'other', route);
      tally.byStatus.set(status, (tally.byStatus.get(status) ?? 0) + 1);
      let bucket = 0;
      while (bucket < boundsMs.length && ms > (boundsMs[bucket] ?? 0)) bucket++;
      tally.byDuration[bucket] = (tally.byDuration[bucket] ?? 0) + 1;
      tally.sumMs += ms;
    },
  };
}

const newTally = (method: string, route: string): Tally => ({
  method,
  route,
  byStatus: new Map(),
  byDuration: Array(bounds.length + 1).fill(0),
  sumMs: 0,
});

const requestSamples = ({ method, route, byStatus }: Tally): Sample[] =>
  [...byStatus].map(([status, value]) => ({ labels: { method, route, status }, value }));

function durationSamples({ method, route, byDuration, sumMs }: Tally): Sample[] {
  const name = 'nexus_http_request_duration_seconds';
  const labels = { method, route };
  let count = 0;
  const buckets = byDuration.map((value, i) => {
    count += value;
    return { metricName: `${name}_bucket`, labels: { ...labels, le: bounds[i] ?? '+Inf' }, value: count };
  });
  return [
    ...buckets,
    { metricName: `${name}_sum`, labels, value: sumMs / 1000 },
    { metricName: `${name}_count`, labels, value: count },
  ];
}
