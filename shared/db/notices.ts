import type pg from 'pg';
import { z } from 'zod';
import type { Log } from '../log.ts';
import { runStatement } from './run-statement.ts';
import { raw, type Statement, sql } from './sql.ts';
import { StoreAwayError } from './store-away.ts';
import { WatchedClient } from './watched-client.ts';

const RecordKindName = z.enum(['person', 'collection', 'company']);

/**
 * What the worker, a trigger or another process tells every process through PostgreSQL's NOTIFY, so that caches are dropped and waiting
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
  /** These users, or sessions of theirs, changed or are gone: told by triggers. */
  z.object({ kind: z.literal('users'), user_ids: z.array(z.string()) }),
  /** A key of the TMDb-compatible routes was issued or revoked. */
  z.object({ kind: z.literal('keys') }),
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
  /** Sends over the connection that listens. @throws if it is away */
  tell(channel: string, payload: string): Promise<void>;
}

/** What one connection hears beside the notices, in the one order that PostgreSQL keeps over all channels. */
export interface OtherChannels {
  names: readonly string[];
  onMessage: (channel: string, payload: string) => void;
}

const reconnectMs = 500;
const listenMs = 5000;
/** How often a listener tells itself something… */
const pulseEveryMs = 4000;
/** …and after how long without hearing it nothing is believed any more. */
const unheardMs = 12_000;

/**
 * Listens until disposed, reconnecting by itself. `onGap` is called after every (re)connection: notices may have
 * been missed, so drop what depends on them. That notices arrive is tried all the time, with one to itself.
 */
export async function listenToNotices(options: {
  clientConfig: pg.ClientConfig;
  onNotice: (notice: Notice) => void;
  onGap: () => void;
  others?: OtherChannels;
  log: Log;
}): Promise<NoticeListener> {
  const { clientConfig, onNotice, onGap, others, log } = options;
  const listens = [noticeChannel, ...(others?.names ?? [])].map((name) => `listen ${name};`).join(' ');
  const stopping = new AbortController();
  const pulseChannel = `nexus_pulse_${Bun.randomUUIDv7().replaceAll('-', '')}`;
  let client: WatchedClient | undefined;
  let connected = false;
  let heardMs = 0;
  const isHeard = () => performance.now() - heardMs < unheardMs;
  let retry: ReturnType<typeof setTimeout> | undefined;

  const lost = (from: WatchedClient) => {
    if (client !== from || stopping.signal.aborted) return;
    connected = false;
    client = undefined;
    from.break('the notices are not heard');
    retry = setTimeout(() => connect().catch(() => {}), reconnectMs);
  };

  const hear = (payload: string) => {
    const parsed = Notice.safeParse(safeJson(payload));
    if (parsed.success) onNotice(parsed.data);
    else log.warn('a notice that could not be read was left out');
  };

  const connect = async () => {
    const next = new WatchedClient({ ...clientConfig, application_name: 'nexus-notices' });
    client = next;
    next.on('error', () => lost(next));
    next.on('end', () => lost(next));
    next.on('notification', ({ channel, payload = '' }) => {
      heardMs = performance.now();
      if (channel === pulseChannel) return;
      try {
        if (channel === noticeChannel) hear(payload);
        else others?.onMessage(channel, payload);
      } catch (error) {
        // Thrown here it would end the process.
        log.error({ err: error, channel }, 'a notice could not be acted on');
      }
    });
    try {
      await next.connect();
      await runStatement(next, raw(`${listens} listen ${pulseChannel}`), {
        timeoutMs: listenMs,
      });
      if (stopping.signal.aborted) return;
      heardMs = performance.now();
      onGap();
      connected = true;
    } catch (error) {
      log.warn({ err: error }, 'the notice connection is down, trying again');
      lost(next);
    }
  };

  let sending: Promise<unknown> = Promise.resolve();
  /** One after the other: a connection does not take the next statement before it has answered. */
  const send = (statement: Statement): Promise<unknown> => {
    const sent = sending.then(() => {
      if (client === undefined || !connected) throw new StoreAwayError('the notices are not heard');
      return runStatement(client, statement, { timeoutMs: listenMs });
    });
    sending = sent.catch(() => {});
    return sent;
  };

  const look = setInterval(() => {
    send(raw(`notify ${pulseChannel}`)).catch(() => {});
    if (client === undefined || !connected || isHeard()) return;
    log.warn('no notice is heard any more, listening anew');
    lost(client);
  }, pulseEveryMs);
  await connect();
  return {
    get connected() {
      return connected && isHeard();
    },
    tell: async (channel, payload) => void (await send(sql`select pg_notify(${channel}, ${payload})`)),
    async [Symbol.asyncDispose]() {
      stopping.abort();
      clearInterval(look);
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
