import type { Registry } from 'prom-client';
import { sampledMetric } from '../http/metrics/sampled-metric.ts';

/** Where a picture came from, or why it did not. */
type PictureOutcome = 'drawn' | 'kept' | 'fetched' | 'absent' | 'unknown' | 'refused' | 'away';

export interface PictureMetrics {
  count(outcome: PictureOutcome): void;
}

export function createPictureMetrics(registry: Registry, bytesKept: () => number): PictureMetrics {
  const counts = new Map<PictureOutcome, number>();
  registry.registerMetric(
    sampledMetric({
      name: 'nexus_pictures_total',
      help: 'Pictures that were asked for, by where they came from or why they did not.',
      type: 'counter',
      read: async () => [...counts].map(([outcome, value]) => ({ labels: { outcome }, value })),
    }),
  );
  registry.registerMetric(
    sampledMetric({
      name: 'nexus_picture_cache_bytes',
      help: 'What the pictures on disk take, as far as this process knows.',
      type: 'gauge',
      // They share the folder.
      ofAll: true,
      read: async () => [{ labels: {}, value: bytesKept() }],
    }),
  );
  return { count: (outcome) => void counts.set(outcome, (counts.get(outcome) ?? 0) + 1) };
}
