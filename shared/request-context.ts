import { AsyncLocalStorage } from 'node:async_hooks';

/** The request that the current work belongs to: for the log lines of its jobs. */
export const requestContext = new AsyncLocalStorage<{ requestId: string }>();
