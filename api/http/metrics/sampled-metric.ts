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
  /** Whether every process would say the same of it: then it is not added up. */
  ofAll?: boolean;
}

/** A metric whose samples come from elsewhere, whole, whenever they are asked for: what the registry needs of one. */
export function sampledMetric({ name, help, type, read, ofAll = false }: SampledMetric): Metric {
  const aggregator = ofAll ? 'first' : 'sum';
  const get = async () => ({ name, help, type, aggregator, values: await read() });
  return { name, help, aggregator, get, reset: () => {} } as unknown as Metric;
}
