import { status } from 'elysia';

/** How soon asking again makes sense. */
const retryAfterSeconds = 2;

interface Exchange {
  set: { headers: Record<string, string | number | undefined> };
}

/** Not here yet, but on its way. */
export function sendPending({ set }: Exchange) {
  set.headers['retry-after'] = String(retryAfterSeconds);
  set.headers['cache-control'] = 'no-store';
  return status(202, {
    status: 'pending' as const,
    message: 'This movie is being fetched from TMDb. Please ask again in a moment.',
    code: 'fetch_pending' as const,
    retry_after: retryAfterSeconds,
  });
}
