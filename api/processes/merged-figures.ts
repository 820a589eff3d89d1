import { AggregatorRegistry, type Metric, type Registry } from 'prom-client';
import type { ProcessFigures } from './messages.ts';

/** Every process would say the same of it (`sampledMetric`), and it may cost statements. */
const isOfAll = (metric: Metric) => 'aggregator' in metric && metric.aggregator === 'first';
/** Its declared type leaves out how they are read. */
const metricsOf = (registry: Registry) => registry.getMetricsAsArray() as unknown as Metric[];
const read = (metrics: Metric[]): Promise<ProcessFigures> =>
  Promise.all(metrics.map((metric) => metric.get()));

/** What this process alone can say. */
export const ownFigures = (registry: Registry): Promise<ProcessFigures> =>
  read(metricsOf(registry).filter((metric) => !isOfAll(metric)));

/** What any process can say. */
export const commonFigures = (registry: Registry): Promise<ProcessFigures> =>
  read(metricsOf(registry).filter(isOfAll));

/** What a process leaves behind: the rest was true only while it ran. */
const outlasts = ({ type }: ProcessFigures[number]) =>
  String(type) === 'counter' || String(type) === 'histogram';

/** When the service started is when its oldest process did. The library would leave it out. */
const startTime = 'process_start_time_seconds';

const merged = (all: readonly ProcessFigures[]): Registry =>
  AggregatorRegistry.aggregate(
    all.map((figures) =>
      figures.map((figure) => (figure.name === startTime ? { ...figure, aggregator: 'min' } : figure)),
    ),
  );

/** Metrics of several processes in Prometheus' text, as if they were one. */
export const mergedText = (all: readonly ProcessFigures[]): Promise<string> => merged(all).metrics();

/** Counters never fall: what ended processes counted is kept, added up. */
export async function addedUp(kept: ProcessFigures, ended: ProcessFigures): Promise<ProcessFigures> {
  return (await merged([kept, ended.filter(outlasts)]).getMetricsAsJSON()) as unknown as ProcessFigures;
}
