import { queueNames } from '#shared/jobs/catalog.ts';
import type { Queues } from '#shared/queues/queue.ts';

/** How many jobs are looked at in one step. */
const stepSize = 500;

/** TMDb answers again: what was put off goes on at once. The next runs of the schedules keep their time. */
export async function wakeJobs(queues: Pick<Queues, 'queue'>): Promise<void> {
  for (const name of queueNames) {
    const queue = queues.queue(name);
    if (name !== 'sync') {
      await queue.promoteJobs();
      continue;
    }
    const delayed = await queue.getDelayed(0, stepSize - 1);
    // A job of the schedule that was never begun waits for its time, and not for TMDb.
    const putOff = delayed.filter((job) => job.repeatJobKey === undefined || job.attemptsStarted > 0);
    // One that began meanwhile is no longer there to be promoted.
    await Promise.all(putOff.map((job) => job.promote().catch(() => {})));
  }
}
