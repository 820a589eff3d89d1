import pg from 'pg';

/** PostgreSQL's own words for "not now": connection trouble, no resources, an operator stepped in, a timeout. */
const passing = /^(08|53|57)|^55P03$/;

/** What the system says when nobody is at the other end. */
const systemCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'ENOENT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);

/** Our store gave no answer in time. */
export class StoreAwayError extends Error {
  override readonly name = 'StoreAwayError';
}

/** Whether our own store is away or overloaded, and not our statement at fault. Looks through wrapped causes. */
export function isStoreFailure(error: unknown): boolean {
  for (let e: unknown = error, depth = 0; e instanceof Error && depth < 5; e = e.cause, depth++) {
    if (e instanceof StoreAwayError) return true;
    const { code } = e as { code?: unknown };
    if (typeof code !== 'string') continue;
    if (e instanceof pg.DatabaseError ? passing.test(code) : systemCodes.has(code) || passing.test(code))
      return true;
  }
  return false;
}

/** The driver's failures without a code (its own timeouts, a connection that ended) are given a name. */
export function nameStoreFailure(error: unknown): unknown {
  const answered = error instanceof pg.DatabaseError;
  return answered || isStoreFailure(error)
    ? error
    : new StoreAwayError('the database gave no answer', { cause: error });
}
