import { describe, expect, test } from 'bun:test';
import type { z } from 'zod';
import { canBeJobId } from '#api/queue-board/job-id.ts';
import { createLog } from '#shared/log.ts';
import { testDatabase } from '#tests/support/database.ts';
import { createJobMetrics } from '#worker/metrics/job-metrics.ts';
import { openQueues } from '../queues/queue.ts';
import { type JobName, type JobPayload, type JobSpec, jobNames, jobs, syncJobNames } from './catalog.ts';
import { followUpJobId, jobIdOf, replayJobId, startJobId } from './job-ids.ts';

/** A payload that is about something: each field has the first value that its schema takes. */
function payloadOf<N extends JobName>(name: N, uuid = Bun.randomUUIDv7(), number = 550): JobPayload<N> {
  const { shape }: { shape: Record<string, z.ZodType> } = jobs[name].payload;
  const firstTaken = (schema: z.ZodType) =>
    ['admin', uuid, number, true, 'person'].find((value) => schema.safeParse(value).success);
  const fields = Object.entries(shape).map(([field, schema]) => [field, firstTaken(schema)]);
  return jobs[name].payload.parse(Object.fromEntries(fields)) as JobPayload<N>;
}

describe.each(jobNames)('the catalogue’s %s', (name) => {
  const spec: JobSpec = jobs[name];

  test('says what it is called and what it does', () => {
    expect(spec.label).toMatch(/^[A-Z].*[^.]$/);
    expect(spec.meaning).toMatch(/^[A-Z].{10,}\.$/);
    expect(jobNames.filter((other) => jobs[other].label === spec.label)).toEqual([name]);
  });

  test('is about one thing, by which its id and its failures are kept', () => {
    const [one, two] = [payloadOf(name), payloadOf(name, Bun.randomUUIDv7(), 551)];
    expect(jobIdOf(name, one)).toBe(jobIdOf(name, { ...one }));
    expect(jobIdOf(name, one)).not.toBe(jobIdOf(name, two));
    expect(
      jobNames.filter((other) => !jobs[other].recorded && jobs[other].idPrefix === spec.idPrefix),
    ).toEqual(spec.recorded ? [] : [name]);
  });

  test('has ids that a queue takes, whatever asks for it', () => {
    const ids = [jobIdOf(name, payloadOf(name)), startJobId(name), replayJobId(name, 'x')];
    for (const id of [
      ...ids,
      ...(spec.followedBy ?? []).map((next) => followUpJobId(name, next as JobName)),
    ]) {
      expect(id).toMatch(/^[^:]*[^\d:][^:]*$/);
      expect(canBeJobId(String(id))).toBe(true);
    }
  });

  test('is followed by recorded jobs only', () => {
    expect([...(spec.followedBy ?? [])].filter((next) => !(syncJobNames as string[]).includes(next))).toEqual(
      [],
    );
  });

  test('is labeled in the metrics', async () => {
    const metrics = createJobMetrics();
    metrics.ended(name, 'done', 1);
    expect(await metrics.registry.metrics()).toContain(
      `nexus_jobs_total{job_name="${name}",outcome="done"} 1`,
    );
  });
});

describe.each(syncJobNames)('the recorded job %s', (name) => {
  test('has an id only with a run, so that its schedule can enqueue it again and again', () => {
    expect(jobIdOf(name, { trigger: 'schedule' })).toBeUndefined();
    expect(jobIdOf(name, { trigger: 'admin', runId: 'a' })).toBe('run-a');
  });
});

test('a job is left at start only to one that it follows, and that a start may run', () => {
  const left = syncJobNames.flatMap((name) => {
    const { start }: JobSpec = jobs[name];
    return typeof start === 'object' && start.leftTo !== undefined ? [{ name, to: start.leftTo }] : [];
  });
  expect(left).not.toEqual([]);
  for (const { name, to } of left) {
    const first: JobSpec = jobs[to as JobName];
    expect(first.followedBy).toContain(name);
    expect(first.start).toBeObject();
  }
});

test('a queue takes every job under the id that the catalogue gives it, once', async () => {
  await using database = await testDatabase();
  const log = createLog({ level: 'silent', name: 'test' });
  await using queues = await openQueues({ redisUrl: undefined, database, log, role: 'producer' });
  for (const name of jobNames) {
    const payload = payloadOf(name);
    const ids = await Promise.all([1, 2].map(() => queues.enqueue(name, payload)));
    const id = jobIdOf(name, payload) ?? 'none';
    expect(ids).toEqual([id, id]);
    const job = await queues.queue(jobs[name].queue).getJob(id);
    expect(job).toMatchObject({ name, data: payload });
    expect(job?.opts).toMatchObject({ attempts: jobs[name].attempts, removeOnComplete: true });
  }
});
