import type pg from 'pg';
import { type PostgresHost, type PostgresUrl, readPostgresUrl } from '../postgres-url.ts';
import { StoreAwayError, storeTroubleOf } from './store-away.ts';
import { SturdyClient } from './sturdy-client.ts';

/** How long one server may take to say what it is. */
const askMs = 2000;
const ignore = () => {};

/** A connection to one of the servers. */
interface Member {
  break(reason: string): void;
}

/** The servers of one URL, and what the connections of this process learned of them. */
export interface WritableServer {
  readonly url: PostgresUrl;
  /** The one that takes writes. @throws {StoreAwayError} where none does */
  find(config: pg.ClientConfig): Promise<PostgresHost>;
  /** It was gone, or refused a write: the next connection looks again. */
  doubt(host: PostgresHost): void;
  /** Connections to a server break as soon as another one takes the writes. */
  join(member: Member, host: PostgresHost): void;
  leave(member: Member): void;
}

const known = new Map<string, WritableServer | null>();

/** `undefined` where the URL names one server and asks nothing of it. One for all connections with the same URL. */
export function writableServerOf(text: string | undefined): WritableServer | undefined {
  if (text === undefined) return undefined;
  if (!known.has(text)) {
    const url = readPostgresUrl(text);
    known.set(text, url !== undefined && (url.writable || url.hosts.length > 1) ? create(url) : null);
  }
  return known.get(text) ?? undefined;
}

function create(url: PostgresUrl): WritableServer {
  let current: PostgresHost | undefined;
  let finding: Promise<PostgresHost> | undefined;
  const members = new Map<Member, PostgresHost>();
  const look = async (config: pg.ClientConfig) => {
    const found = await findNewest(url, config);
    current = found;
    // A server that was replaced may still be there, and take what nobody will ever see.
    for (const [member, host] of members)
      if (url.writable && host !== found)
        member.break('Connection terminated: another server takes the writes');
    return found;
  };
  return {
    url,
    async find(config) {
      if (current !== undefined) return current;
      finding ??= look(config).finally(() => {
        finding = undefined;
      });
      return finding;
    },
    doubt(host) {
      if (current === host) current = undefined;
    },
    join: (member, host) => void members.set(member, host),
    leave: (member) => void members.delete(member),
  };
}

/** Of several that take writes, the one that was promoted last: the others were left behind. */
async function findNewest(url: PostgresUrl, config: pg.ClientConfig): Promise<PostgresHost> {
  const asked = await Promise.allSettled(
    url.hosts.map(async (host) => ({ host, timeline: await timelineOf(url.at(host), config, url.writable) })),
  );
  const fit = asked.flatMap(({ status, ...of }) =>
    status === 'fulfilled' && 'value' in of && of.value.timeline !== undefined
      ? [{ ...of.value, timeline: of.value.timeline }]
      : [],
  );
  const [best] = fit.sort((a, b) => b.timeline - a.timeline);
  if (best !== undefined) return best.host;
  const errors = asked.flatMap((each) => (each.status === 'rejected' ? [each.reason as unknown] : []));
  // A refused password is not healed by waiting for another server.
  const refusal = errors.find((error) => storeTroubleOf(error) === undefined);
  if (refusal !== undefined) throw refusal;
  throw new StoreAwayError(
    url.writable ? 'No PostgreSQL of DATABASE_URL takes writes.' : 'No PostgreSQL of the URL answers.',
    { cause: errors[0] },
  );
}

/** How often the history that a server writes was branched off. `undefined` for one that takes no writes. */
async function timelineOf(
  connectionString: string,
  config: pg.ClientConfig,
  writable: boolean,
): Promise<number | undefined> {
  const client = new SturdyClient({
    ...config,
    connectionString,
    connectionTimeoutMillis: askMs,
    query_timeout: askMs,
    application_name: 'nexus-watch',
  });
  try {
    await client.connect();
    const { rows } = await client.query<{ refuses: boolean; timeline: string | null }>(`
      select pg_is_in_recovery() or current_setting('default_transaction_read_only')::boolean as refuses,
        case when not pg_is_in_recovery() then left(pg_walfile_name(pg_current_wal_insert_lsn()), 8) end as timeline`);
    const [{ refuses, timeline } = { refuses: true, timeline: null }] = rows;
    // Readers are kept off the one that has all the writes.
    if (!writable) return timeline === null ? 1 : 0;
    return refuses || timeline === null ? undefined : Number.parseInt(timeline, 16);
  } finally {
    client.end().catch(ignore);
  }
}
