import { Counter, Histogram, Registry } from 'prom-client';

export type JobOutcome = 'done' | 'failed' | 'retried' | 'postponed';

export interface JobMetrics {
  ended(job: string, outcome: JobOutcome, ms: number): void;
  lostParts(parts: readonly string[]): void;
  registry: Registry;
}

/** Seconds: most jobs fetch one movie, some run for hours. */
const buckets = [0.05, 0.2, 0.5, 1, 2, 5, 15, 60, 300, 1800];

/** What this worker's jobs came to since it began. Not by `job`: that label is Prometheus' own, for whom it scrapes. */
export function createJobMetrics(): JobMetrics {
  const registry = new Registry();
  const registers = [registry];
  const jobs = new Counter({
    name: 'nexus_jobs_total',
    help: 'Executions of jobs, by outcome.',
    labelNames: ['job_name', 'outcome'],
    registers,
  });
  const durations = new Histogram({
    name: 'nexus_job_duration_seconds',
    help: 'Time taken by executions of jobs.',
    labelNames: ['job_name'],
    buckets,
    registers,
  });
  const lost = new Counter({
    name: 'nexus_tmdb_lost_parts_total',
    help: 'Parts of TMDb’s answers that could not be read, by part. What was known of them stays.',
    labelNames: ['part'],
    registers,
  });
  return {
    registry,
    lostParts(parts) {
      for (const part of parts) lost.inc({ part });
    },
    ended(job, outcome, ms) {
      jobs.inc({ job_name: job, outcome });
      durations.observe({ job_name: job }, ms / 1000);
    },
  };
}
