import { createLog, type Log } from '#shared/log.ts';

/** A log that remembers its lines, for tests that look for what must or must not be said. */
export function rememberingLog(): { log: Log; lines: string[] } {
  const lines: string[] = [];
  const log = createLog({
    level: 'trace',
    name: 'test',
    destination: { write: (line) => void lines.push(line) },
  });
  return { log, lines };
}
