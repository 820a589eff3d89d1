import type { JobName } from './catalog.ts';

/** The queue's id of a failed job that is asked for again: asked for twice, it is one. */
export const replayJobId = (job: JobName, subject: string): string => `replay-${job}-${subject}`;
