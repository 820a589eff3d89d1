import type { Pool } from 'pg';
import { prepared, sql } from '#shared/db/sql.ts';
import type { Log } from '#shared/log.ts';
import { queryStore } from '../store/query-store.ts';

/** What somebody does in the console keeps it signed in. Does not wait, and does not fail. */
export type NoteConsoleActivity = (request: Request, sessionId: string) => void;

/** Not every click is worth a write. */
const atMostEveryMs = 60_000;

const noteStatement = prepared<{ sessionId: string; now: Date; before: Date; end: Date }>(
  'api-note-console-activity',
  ({ sessionId, now, before, end }) => sql`
    update sessions set refreshed_at = ${now}, expires_at = ${end}
    where id = ${sessionId} and kind = 'console' and expires_at > ${now} and refreshed_at <= ${before}`,
);

interface ConsoleActivityDeps {
  pool: Pool;
  idleMs: number;
  log: Log;
  now: () => number;
}

export function createNoteConsoleActivity({
  pool,
  idleMs,
  log,
  now,
}: ConsoleActivityDeps): NoteConsoleActivity {
  const everyMs = Math.min(atMostEveryMs, idleMs / 2);
  return (request, sessionId) => {
    if (!isOfPerson(request)) return;
    const at = now();
    const [time, before, end] = [at, at - everyMs, at + idleMs].map((ms) => new Date(ms)) as [
      Date,
      Date,
      Date,
    ];
    queryStore(pool, noteStatement({ sessionId, now: time, before, end })).catch((error: unknown) =>
      log.warn({ err: error }, 'the use of a console could not be noted'),
    );
  };
}

/** A page that stands open asks for its own figures all the time: that is nobody's doing. */
function isOfPerson({ method, headers }: Request): boolean {
  const mode = headers.get('sec-fetch-mode');
  return (method !== 'GET' && method !== 'HEAD') || mode === 'navigate' || mode === null;
}
