import { status } from 'elysia';
import type { PendingAnswer } from '../http/contract/answer.ts';

/** How soon asking again makes sense. */
const retryAfterSeconds = 2;

/** Not here yet, but on its way. @param what `person` */
export function sendPending(
  set: { headers: Record<string, string | number | undefined> },
  what: string,
): PendingAnswer {
  set.headers['retry-after'] = String(retryAfterSeconds);
  set.headers['cache-control'] = 'no-store';
  return status(202, {
    status: 'pending',
    message: `This ${what} is being fetched from TMDb. Please ask again in a moment.`,
    code: 'fetch_pending',
    retry_after: retryAfterSeconds,
  });
}
