/** Failures with one sentence for the operator, that need no stack: a bad setting, a port in use, a folder locked. */
const plainErrors = new Set([
  'ConfigError',
  'DataFolderError',
  'DataFolderLockedError',
  'EmbeddedPostgresError',
  'LockFileError',
  'StoreAwayError',
]);

const noConnectionLeft = '53300';

/** PostgreSQL was there a moment ago: a stack would say no more. */
const lossOf = (error: Error): string | undefined =>
  'code' in error && error.code === noConnectionLeft
    ? 'PostgreSQL has no connection left (max_connections, or the limit of this role or database): raise it, or run fewer processes (API_PROCESSES).'
    : undefined;

/** What the terminal says of a failure: its sentence, or all that is known of it. */
export function sayFailure(error: unknown): string {
  // What failed first stands first; that closing failed as well would hide it.
  if (error instanceof SuppressedError)
    return `${sayFailure(error.suppressed)}\nWhile closing: ${sayFailure(error.error)}`;
  if (!(error instanceof Error)) return Bun.inspect(error);
  return plainErrors.has(error.name) ? error.message : (lossOf(error) ?? Bun.inspect(error));
}
