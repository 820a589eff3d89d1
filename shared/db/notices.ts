import pg from 'pg';
import { z } from 'zod';
import type { Log } from '../log.ts';

const RecordKindName = z.enum(['person', 'collection', 'company']);

/**
 * What the worker tells every process through PostgreSQL's NOTIFY, so that caches are dropped and waiting
 * readers wake up. Never the only way to learn something: the tables say it too.
 */
const Notice = z.discriminatedUnion('kind', [
  /** These movies' rows changed, or TMDb said it has no such movies. */
  z.object({ kind: z.literal('movies'), ids: z.array(z.int()) }),
  /** A list (`trending/day`, `genres`…) was taken over whole. */
  z.object({ kind: z.literal('list'), name: z.string() }),
  /** TMDb could not be reached for these movies that somebody waits for. */
  z.object({ kind: z.literal('trouble'), ids: z.array(z.int()) }),
  /** What is known of these people, collections or companies changed, or TMDb said it has none. */
  z.object({ kind: z.literal('records'), of: RecordKindName, ids: z.array(z.int()) }),
  /** TMDb could not be reached for them. */
  z.object({ kind: z.literal('record-trouble'), of: RecordKindName, ids: z.array(z.int()) }),
  /** The row of this run changed: told by a trigger. */
  z.object({ kind: z.literal('run'), id: z.uuid() }),
  /** The row of `upstream` changed. */
  z.object({ kind: z.literal('upstream') }),
]);
export type Notice = z.infer<typeof Notice>;

export const noticeChannel = 'nexus_notices';

/** PostgreSQL takes payloads up to 8,000 bytes; an id needs at most 11. */
const idsPerNotice = 600;

/** The payloads that say `notice`, cut to what NOTIFY can carry: for `select pg_notify(channel, payload)`. */
export function noticePayloads(notice: Notice): string[] {
  if (!('ids' in notice) || notice.ids.length <= idsPerNotice) return [JSON.stringify(notice)];
  const payloads: string[] = [];
  for (let i = 0; i < notice.ids.length; i += idsPerNotice)
    payloads.push(JSON.stringify({ ...notice, ids: notice.ids.slice(i, i + idsPerNotice) }));
  return payloads;
}

export interface NoticeListener extends AsyncDisposable {
  /** False while the connection is away: what was cached before may be old, and must not be trusted. */
  readonly connected: boolean;
}

const reconnectMs = 500;

/**
 * Listens until disposed, reconnecting by itself. `onGap` is called after every (re)connection: notices may have
 * been missed, so drop what depends on them.
 */
export async function listenToNotices(options: {
  clientConfig: pg.ClientConfig;
  onNotice: (notice: Notice) => void;
  onGap: () => void;
  log: Log;
}): Promise<NoticeListener> {
  const { clientConfig, onNotice, onGap, log } = options;
  const stopping = new AbortController();
  let client: pg.Client | undefined;
  let connected = false;
  let retry: ReturnType<typeof setTimeout> | undefined;

  const lost = (from: pg.Client) => {
    if (client !== from || stopping.signal.aborted) return;
    connected = false;
    client = undefined;
    onGap();
    from.end().catch(() => {});
    retry = setTimeout(() => connect().catch(() => {}), reconnectMs);
  };

  const connect = async () => {
    const next = new pg.Client({ ...clientConfig, application_name: 'nexus-notices', keepAlive: true });
    client = next;
    next.on('error', () => lost(next));
    next.on('end', () => lost(next));
    next.on('notification', (message) => {
      const parsed = Notice.safeParse(safeJson(message.payload ?? ''));
      if (parsed.success) onNotice(parsed.data);
      else log.warn('a notice that could not be read was left out');
    });
    try {
      await next.connect();
      await next.query(`listen ${noticeChannel}`);
      if (stopping.signal.aborted) return;
      onGap();
      connected = true;
    } catch (error) {
      log.warn({ err: error }, 'the notice connection is down, trying again');
      lost(next);
    }
  };

  await connect();
  return {
    get connected() {
      return connected;
    },
    async [Symbol.asyncDispose]() {
      stopping.abort();
      clearTimeout(retry);
      connected = false;
      await client?.end().catch(() => {});
    },
  };
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
