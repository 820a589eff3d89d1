import type { Metric } from 'prom-client';

export interface Sample {
  labels: Record<string, string | number>;
  value: number;
  /** Of a histogram's parts: `…_bucket`, `…_sum`, `…_count`. */
  metricName?: string;
}

interface SampledMetric {
  name: string;
  help: string;
  type: 'counter' | 'gauge' | 'histogram';
  read: () => Promise<Sample[]>;
}

/** A metric whose samples come from elsewhere, whole, whenever they are asked for: what the registry needs of one. */
export function sampledMetric({ name, help, type, read }: SampledMetric): Metric {
  const get = async () => ({ name, help, type, aggregator: 'sum', values: await read() });
  return { name, help, get, reset: () => {} } as unknown as Metric;
}
