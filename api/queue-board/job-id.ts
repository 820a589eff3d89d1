import { QueueKeys } from 'bullmq';

/** On Redis a job is a key beside those that the queue keeps for itself: none of their names is a job's. */
const reserved = new Set(Object.keys(new QueueKeys().getKeys('')));

/** The only ids with a colon, since more colons lead to what is kept of a job, and fewer to the schedule itself. */
const runOfSchedule = /^repeat:[^:]+:\d+$/;

/** Whether something may be asked of the queue by this id at all. */
export const canBeJobId = (id: string): boolean =>
  id.includes(':') ? runOfSchedule.test(id) : !reserved.has(id);

export const isOfSchedule = (id: string): boolean => id.startsWith('repeat:');
