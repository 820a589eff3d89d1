import { AsyncLocalStorage } from 'node:async_hooks';

export interface RequestContext {
  requestId: string;
  /** Whose request it is, once that is known and where it is somebody's. */
  sessionId?: string;
}

/** The request that the current work belongs to: for the log lines of its jobs, and for turns at what costs much. */
export const requestContext = new AsyncLocalStorage<RequestContext>();
