/** The queue's id of the job that stands for a recorded run: asking twice for it puts one into the queue. */
export const runJobId = (runId: string) => `run-${runId}`;
