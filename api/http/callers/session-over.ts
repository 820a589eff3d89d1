import { NexusError } from '#shared/errors.ts';

/** The error for a token whose session or account is gone. */
export const sessionOver = (cause?: unknown): NexusError =>
  new NexusError('unauthenticated', 'The access token is invalid or has expired.', { cause });
