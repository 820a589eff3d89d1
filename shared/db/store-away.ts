import { NexusError } from '../errors.ts';
import { TooLateError } from '../within.ts';

/**
 * What an error says about our store: PostgreSQL, or the Redis of the queue.
 * `away`: it cannot be reached, or it can serve nobody right now. Whoever waits long enough gets through.
 * `busy`: it is there, but this one request was too slow, was blocked, or lost to others. The request may be at fault.
 */
export type StoreTrouble = 'away' | 'busy';

/** Our own wait for the store ended without success, for any reason. */
export class StoreAwayError extends Error {
  override readonly name = 'StoreAwayError';
}

/** A sentence for whoever runs a command that PostgreSQL did not outlive. @param then `while …. What to do` */
export const storeWentAway = (error: unknown, then: string): StoreAwayError | undefined =>
  storeTroubleOf(error) === 'away'
    ? new StoreAwayError(`PostgreSQL went away ${then}.`, { cause: error })
    : undefined;

/** PostgreSQL's codes. `busy` is looked at first: it holds single codes of classes that are `away` as a whole. */
const sqlStates: Record<StoreTrouble, RegExp> = {
  // Canceled (57014), a lock not had in time (55P03), a limit of one session (53400, 25P03, 25P04), deadlock and
  // serialization failure, where trying the transaction again did not help. 08P01 is said by poolers that are away,
  // but also to a statement with the wrong number of values.
  busy: /^(57014|55P03|53400|25P03|25P04|40P01|40001|08P01)$/,
  // Connection trouble, no resources, the server ends or starts, and a primary that became a standby.
  away: /^(08...|53...|57...|25006)$/,
};

const systemCodes: Record<StoreTrouble, ReadonlySet<string>> = {
  away: new Set([
    'ECONNREFUSED',
    'ECONNRESET',
    'ECONNABORTED',
    'EPIPE',
    'ETIMEDOUT',
    // The socket's file, where PostgreSQL listens on one.
    'ENOENT',
    'ENOTFOUND',
    'EAI_AGAIN',
    'EAI_FAIL',
    'EHOSTUNREACH',
    'EHOSTDOWN',
    'ENETUNREACH',
    'ENETDOWN',
    'ENETRESET',
  ]),
  // This machine has no socket or port left.
  busy: new Set(['EMFILE', 'ENFILE', 'ENOBUFS', 'EADDRNOTAVAIL']),
};

/** What a connection does. An error of anything else (a file, a program) is not about the store. */
const connectionCalls = new Set(['connect', 'getaddrinfo', 'read', 'write', 'send', 'recv', 'shutdown']);

/** The sentences of pg, pg-pool, Kysely and ioredis that come without a code. */
const driverWords: Record<StoreTrouble, RegExp> = {
  busy: /^(Query read timeout|Command timed out)$/,
  away: new RegExp(
    [
      '^Connection terminated',
      '^timeout expired$',
      '^timeout exceeded when trying to connect$',
      '^Client (has encountered a connection error|was closed) and is not queryable$',
      '^There was an error establishing an SSL connection$',
      // The process is ending.
      '^Cannot use a pool after calling end on the pool$',
      '^driver has already been destroyed$',
      "^Stream isn't writeable and enableOfflineQueue options is false$",
      '^Connection is closed\\.?$',
    ].join('|'),
  ),
};

/** The first word of what a Redis answers that cannot serve for now. */
const redisReplies: Record<StoreTrouble, RegExp> = {
  busy: /^BUSY /,
  away: /^(LOADING|READONLY|MASTERDOWN|MISCONF|OOM|CLUSTERDOWN|TRYAGAIN|NOREPLICAS) /,
};

const troubles: readonly StoreTrouble[] = ['busy', 'away'];
/** No chain of causes is longer, and one in a circle ends. */
const maxDepth = 8;

/**
 * The one answer to "is our store away?", for callers, jobs and whoever waits at start. Looks through causes.
 * @returns `undefined` for an error that is not about the store: also for one of ours, which was judged when it was made
 */
export const storeTroubleOf = (error: unknown): StoreTrouble | undefined => troubleWithin(error, maxDepth);

function troubleWithin(error: unknown, depth: number): StoreTrouble | undefined {
  if (!(error instanceof Error) || error instanceof NexusError || depth === 0) return undefined;
  const inside = (one: unknown) => troubleWithin(one, depth - 1);
  // A host with several addresses: each was tried, and each failed.
  if (error instanceof AggregateError) return commonTrouble(error.errors.map(inside));
  // Closing failed, too: what failed first counts.
  if (error instanceof SuppressedError) return inside(error.suppressed);
  return ownTrouble(error) ?? inside(error.cause);
}

/** Whether nothing at all listens at the store's address: not even a server that starts or recovers. */
export const isNobodyListening = (error: unknown): boolean =>
  error instanceof Error && ['ENOENT', 'ECONNREFUSED'].includes(String(codeOf(error)));

function ownTrouble(error: Error): StoreTrouble | undefined {
  if (error instanceof StoreAwayError || error.name === 'MaxRetriesPerRequestError') return 'away';
  if (error instanceof TooLateError) return 'busy';
  return troubles.find((trouble) => says(error, trouble));
}

function says(error: Error, trouble: StoreTrouble): boolean {
  const code = codeOf(error);
  if (error.name === 'ReplyError') return redisReplies[trouble].test(error.message);
  if (typeof code !== 'string') return driverWords[trouble].test(error.message);
  return sqlStates[trouble].test(code) || (systemCodes[trouble].has(code) && isOfConnection(error));
}

/** An error with a path is of a file, of a program, or of a `fetch`, where the path is the URL. */
function isOfConnection(error: Error): boolean {
  const { syscall, path } = error as { syscall?: unknown; path?: unknown };
  return path === undefined && (syscall === undefined || connectionCalls.has(String(syscall)));
}

/** `away` only if that is all there is: another error among them may need more than waiting. */
function commonTrouble(found: (StoreTrouble | undefined)[]): StoreTrouble | undefined {
  if (found.length === 0 || found.includes(undefined)) return undefined;
  return found.includes('busy') ? 'busy' : 'away';
}

const codeOf = (error: Error): unknown => (error as { code?: unknown }).code;
