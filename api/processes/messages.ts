import type { Metric } from 'prom-client';
import type { SeenRequests } from './spread-connections.ts';

/** Metrics of one process, as plain data. */
export type ProcessFigures = Awaited<ReturnType<Metric['get']>>[];

/** How many connections to PostgreSQL a process may hold. */
export interface PoolSizes {
  reads: number;
  queue: number;
}

/** What an API process is told by the one that watches over it. */
export type Order =
  | { type: 'begin'; port: number; pools: PoolSizes; logTo?: string | number | undefined }
  | { type: 'count' }
  | { type: 'count-requests' }
  | { type: 'let-go'; connections: number }
  | { type: 'counted'; id: number; figures: ProcessFigures[] }
  | { type: 'end' };

/** What it says itself. */
export type Report =
  | { type: 'up'; url: string }
  /** Of itself: asked for, every few seconds, and at its end. */
  | { type: 'figures'; figures: ProcessFigures }
  /** Since it was last asked. */
  | ({ type: 'requests' } & SeenRequests)
  /** It needs those of all processes. */
  | { type: 'collect'; id: number };
