import type { Pool } from 'pg';
import { prepared, sql, unknownList } from '#shared/db/sql.ts';
import type { Log } from '#shared/log.ts';
import { queryStore } from '../store/query-store.ts';

const everyMs = 30_000;
/** Movies that one writing notes at most; what is read beyond that is noted when it is read again. */
const batchSize = 1000;
/** Then all are forgotten, and noted anew: every ready answer asks, and a set answers sooner than what keeps an order. */
const remembered = 50_000;
/** A read is noted to the day: once in a few hours is enough. */
const notedForMs = 6 * 3_600_000;

/** Only what `details` keeps fresh because it is used, and only once a day. */
const noteStatement = prepared<{ tmdbIds: number[] }>(
  'api-note-reads',
  ({ tmdbIds }) => sql`
    insert into movie_uses (tmdb_id, used_on)
    select m.tmdb_id, (now() at time zone 'UTC')::date from movies m
    where m.tmdb_id = any(${unknownList(tmdbIds, 'int')}) and m.scope = 1 order by m.tmdb_id
    on conflict (tmdb_id) do update set used_on = excluded.used_on where movie_uses.used_on < excluded.used_on`,
);

/** Notes that a movie was read. Never waits and never fails. */
export type NoteRead = (tmdbId: number) => void;

interface NoteReadsDeps {
  pool: Pool;
  log: Log;
  stopping: AbortSignal;
  afterMs?: number;
}

export function createNoteReads({ pool, log, stopping, afterMs = everyMs }: NoteReadsDeps): NoteRead {
  const noted = new Set<number>();
  const forgetting = setInterval(() => noted.clear(), notedForMs).unref();
  const waiting = new Set<number>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const write = async () => {
    timer = undefined;
    const tmdbIds = [...waiting];
    waiting.clear();
    try {
      await queryStore(pool, noteStatement({ tmdbIds }));
    } catch (error) {
      log.debug({ err: error }, 'reads could not be noted');
      for (const id of tmdbIds) noted.delete(id);
    }
  };
  const stop = () => {
    clearTimeout(timer);
    clearInterval(forgetting);
  };
  stopping.addEventListener('abort', stop, { once: true });
  return (tmdbId) => {
    if (waiting.size >= batchSize || stopping.aborted || noted.has(tmdbId)) return;
    if (noted.size >= remembered) noted.clear();
    noted.add(tmdbId);
    waiting.add(tmdbId);
    timer ??= setTimeout(write, afterMs);
  };
}
