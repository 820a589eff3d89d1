import { AsyncLocalStorage } from 'node:async_hooks';

/** Whom to tell that the work at hand moves: set for each job, so that what stands still is noticed. */
export const movement = new AsyncLocalStorage<() => void>();

/** To be called where work goes on: with each statement, each call to TMDb, each step of a job. */
export const noteMovement = (): void => movement.getStore()?.();
