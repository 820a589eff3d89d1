import { AsyncLocalStorage } from 'node:async_hooks';

/** On behalf of which request something is done: for the log lines of the jobs that come of it. */
export const requestContext = new AsyncLocalStorage<{ requestId: string }>();
