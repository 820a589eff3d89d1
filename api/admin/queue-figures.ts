import { type QueueName, queueNames } from '#shared/jobs/catalog.ts';
import type { Log } from '#shared/log.ts';
import type { Queues } from '#shared/queues/queue.ts';
import { within } from '#shared/within.ts';
import type { QueueOverview } from './overview-model.ts';

const queueTimeoutMs = 2000;

/** What is in the queues; an overview is asked for when something is wrong, so one that is away spoils nothing else. */
export function createQueueFigures({ queues, log }: { queues: Pick<Queues, 'queue'>; log: Log }) {
  const figuresOf = async (name: QueueName): Promise<QueueOverview> => {
    try {
      const queue = queues.queue(name);
      const [counts, workers] = await within(
        queueTimeoutMs,
        Promise.all([
          queue.getJobCounts('waiting', 'prioritized', 'active', 'delayed', 'failed', 'completed'),
          queue.getWorkersCount().catch(() => null),
        ]),
      );
      const { waiting = 0, prioritized = 0, active = 0, delayed = 0, failed = 0, completed = 0 } = counts;
      return { name, up: true, waiting: waiting + prioritized, active, delayed, failed, completed, workers };
    } catch (error) {
      log.warn({ err: error, queue: name }, 'the queue gave no figures');
      const none = {
        waiting: null,
        active: null,
        delayed: null,
        failed: null,
        completed: null,
        workers: null,
      };
      return { name, up: false, ...none };
    }
  };
  return (): Promise<QueueOverview[]> => Promise.all(queueNames.map(figuresOf));
}
