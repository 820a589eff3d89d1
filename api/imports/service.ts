import pg from 'pg';
import { z } from 'zod';
import { NexusError } from '#shared/errors.ts';
import type { Queues } from '#shared/queues/queue.ts';
import type { ImportSource } from '#shared/users/user-import.ts';
import { holdOwnerStatement } from '../auth/hold-owner-statement.ts';
import { pageMeta } from '../http/answers/page-meta.ts';
import { sessionOver } from '../http/callers/session-over.ts';
import { laneKey } from '../http/throttles/throttle-key.ts';
import { createFairLane } from '../store/fair-lane.ts';
import { inTransaction } from '../store/in-transaction.ts';
import { queryStore } from '../store/query-store.ts';
import type { SavingNamer } from '../users/writing/namer-throttles.ts';
import {
  countInteractions,
  refuseTooManyInteractions,
} from '../users/writing/refuse-too-many-interactions.ts';
import type { Owner } from '../users/writing/user-transaction.ts';
import type { ImportThrottle } from './import-limit.ts';
import {
  deleteStatement,
  fillStatement,
  forgetOldStatement,
  insertStatement,
  liveStatement,
  oneStatement,
  pageStatement,
  rowsStatement,
  withdrawStatement,
} from './import-statements.ts';
import type { ImportFileQuery, ImportRowsQuery, ImportsQuery } from './model.ts';
import { type History, parseHistory } from './parse-history.ts';
import { presentImport, presentRow } from './present-import.ts';
import { createSettling, noSuchImport, type SettlingDeps } from './settle-row.ts';

interface ImportServiceDeps extends SettlingDeps {
  queues: Pick<Queues, 'enqueue'>;
  throttle: ImportThrottle;
  now: () => number;
}

export type ImportService = ReturnType<typeof createImportService>;

const retryAfterMs = 5000;
/**
 * The largest file keeps a core busy for a second, so only so many are read at once. So many more are held meanwhile:
 * whoever sends one from elsewhere waits for a turn, however many somebody sends at once.
 */
const places = { lanes: 4, maxWaiting: 4 } as const;
const lanesFull = () =>
  new NexusError('unavailable', 'Too many files are being read. Please try again soon.', { retryAfterMs });
/** Written at once: all of a file as one text would hold up everybody else while it is made and sent. */
const rowsAtOnce = 2000;

export function createImportService(deps: ImportServiceDeps) {
  const { pool, queues, throttle, now } = deps;
  const lane = createFairLane({ ...places, refusal: lanesFull });

  const read = (text: string, { source, list }: ImportFileQuery, address: string): Promise<History> =>
    lane.run(laneKey(address), () => parseHistory(text, { source, list, now: new Date(now()) }));

  // One id, one job: asking again for an import that is under way changes nothing.
  const enqueue = async (importId: string) => {
    await queues.enqueue('users.match', { importId });
    await queues.enqueue('users.import', { importId });
  };

  const refuseSecond = async (userId: string): Promise<void> => {
    const [live] = await queryStore(pool, liveStatement({ userId }));
    if (live === undefined) return;
    // Its job may have been lost with the queue; then this brings it back.
    await enqueue(live.id).catch(() => {});
    throw new NexusError(
      'already_running',
      'One of your imports is still running. Please wait until it has finished.',
      {
        details: [{ path: 'import_id', message: live.id }],
      },
    );
  };

  const insert = async (owner: Owner, source: ImportSource, { list, assumed, rows }: History) => {
    const { userId } = owner;
    const id = Bun.randomUUIDv7();
    const notFound = rows.filter(({ status }) => status === 'not_found').length;
    const made = { id, userId, source, list, assumed, rows: rows.length, notFound };
    const isMade = await inTransaction(pool, async (query) => {
      if ((await query(insertStatement(made))).length === 0) return false;
      for (let at = 0; at < rows.length; at += rowsAtOnce) {
        const texts = JSON.stringify(rows.slice(at, at + rowsAtOnce));
        await query(fillStatement({ id, rows: texts }));
      }
      await query(forgetOldStatement({ userId }));
      // A large file takes a second to read. Last, so that nobody waits for the user's row while it is written.
      if ((await query(holdOwnerStatement(owner))).length === 0) throw sessionOver();
      return true;
    }).catch(signedOutIfDeleted);
    if (!isMade) {
      await refuseSecond(userId);
      throw new NexusError('unavailable', 'The import could not be started. Please try again.', {
        retryAfterMs,
      });
    }
    return id;
  };

  const start = async (owner: Owner, source: ImportSource, history: History): Promise<string> => {
    const id = await insert(owner, source, history);
    try {
      await enqueue(id);
      return id;
    } catch (error) {
      await queryStore(pool, withdrawStatement({ id }));
      throw new NexusError('unavailable', 'Imports cannot be started right now. Please try again soon.', {
        retryAfterMs,
        cause: error,
      });
    }
  };

  return {
    /** @throws {NexusError} `invalid_input`, `already_running`, `too_many_requests`, `unavailable` */
    async start(sender: SavingNamer, query: ImportFileQuery, body: unknown) {
      const { userId } = sender;
      await refuseSecond(userId);
      await throttle.countFile(sender);
      const history = await read(typeof body === 'string' ? body : '', query, sender.address);
      const held = await countInteractions((asked) => queryStore(pool, asked), userId);
      // Rows may say what is known already, and some say two things: one file may go beyond by as many as it has.
      refuseTooManyInteractions(held + history.rows.length, 'body');
      await throttle.take(sender, history.rows.length);
      try {
        const id = await start(sender, query.source, history);
        return { import_id: id, list: history.list, list_assumed: history.assumed };
      } catch (error) {
        await throttle.giveBack(userId);
        throw error;
      }
    },

    /** @throws {NexusError} `not_found`, also for somebody else's */
    async report(userId: string, importId: string, { status, page, limit }: ImportRowsQuery) {
      const known = z.uuid().safeParse(importId).success;
      const [stored] = known ? await queryStore(pool, oneStatement({ id: importId, userId })) : [];
      if (stored === undefined) throw noSuchImport();
      const asked = { id: importId, status: status ?? null, limit, offset: (page - 1) * limit };
      const rows = await queryStore(pool, rowsStatement(asked));
      const summary = presentImport(stored);
      const total = summary.counts[status ?? 'rows'] ?? 0;
      return { data: { ...summary, rows: rows.map(presentRow) }, meta: pageMeta({ page, limit }, total) };
    },

    settle: createSettling(deps),

    /** What it brought stays. @throws {NexusError} `not_found`, also for somebody else's */
    async remove(userId: string, importId: string) {
      const known = z.uuid().safeParse(importId).success;
      const [removed] = known ? await queryStore(pool, deleteStatement({ id: importId, userId })) : [];
      if (removed === undefined) throw noSuchImport();
    },

    async list(userId: string, { page, limit }: ImportsQuery) {
      const [found] = await queryStore(pool, pageStatement({ userId, limit, offset: (page - 1) * limit }));
      return {
        data: (found?.imports ?? []).map(presentImport),
        meta: pageMeta({ page, limit }, found?.total ?? 0),
      };
    },
  };
}

/** The account may be gone by then, and nothing refers to it any more. */
function signedOutIfDeleted(error: unknown): never {
  if (error instanceof pg.DatabaseError && error.code === foreignKeyViolation) throw sessionOver(error);
  throw error;
}

const foreignKeyViolation = '23503';
