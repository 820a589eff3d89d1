/** Deadlock, serialization failure, and the unique violation of two writers who met the same new row. */
const passing = new Set(['40P01', '40001', '23505']);
/** Of them, what PostgreSQL says only to let others through: it tells nothing about the row. */
const undone = new Set(['40P01', '40001']);

/**
 * Whether a transaction failed only because another one came first: tried again, it may succeed. What deadlock and
 * serialization failure mean after the last try, `store-away.ts` says; a unique violation that stays is a bug.
 */
export function isLostToAnotherWriter(error: unknown): boolean {
  return passing.has(sqlStateOf(error) ?? '');
}

/** Whether a statement was undone only to let others through: run again by itself, it gets its own turn. */
export const isUndoneForOthers = (error: unknown): boolean => undone.has(sqlStateOf(error) ?? '');

/** PostgreSQL's code, wherever among the causes it stands. */
export function sqlStateOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : sqlStateOf(error.cause);
}
