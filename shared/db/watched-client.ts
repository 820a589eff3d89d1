import pg from 'pg';
import { noteMovement } from '../movement.ts';
import type { PostgresHost } from '../postgres-url.ts';
import type { BinaryRead } from './binary-read.ts';
import { CopyIn, isCopyIn } from './copy-in.ts';
import { nameOf } from './named-values.ts';
import { StoreAwayError } from './store-away.ts';
import { SturdyClient } from './sturdy-client.ts';
import { type WritableServer, writableServerOf } from './writable-server.ts';

/** How long a server may say nothing to a statement before it is asked whether it works on it. */
const silenceMs = 10_000;
/** How long that question may take, and the answer to a pulse. */
const askMs = 5000;
/** An answer may be on its way while the server already says that it is idle. */
const underWayMs = 1000;
/** How often a connection that only listens, or holds a lock, is tried. */
const pulseEveryMs = 5000;

/** Sets apart the sessions that ask. */
const watchName = 'nexus-watch';

/** What the server makes of one of our sessions; `unknown` where it cannot say (a pooler, no connection left). */
type SessionState = 'works' | 'dead' | 'unknown';

/**
 * A connection that notices when it is dead, however the network hides it: what is dropped in silence, or acknowledged
 * and never answered. It then breaks, so that its statements fail and no pool takes it back. A long statement may
 * be silent as long as the server says, over another connection, that it works on it; or until its `query_timeout`.
 * Where the URL names several servers, it goes to the one that takes writes.
 */
export class WatchedClient extends SturdyClient {
  readonly #servers: WritableServer | undefined;
  #config: pg.ClientConfig;
  #server: PostgresHost | undefined;
  /** Left to run when a statement ends: to set one for each costs more than to find nothing to do. */
  #timer: ReturnType<typeof setTimeout> | undefined;
  #timerEndsAtMs = Number.POSITIVE_INFINITY;
  #pulse: ReturnType<typeof setInterval> | undefined;
  #isAsked = false;
  /** How often nothing was asked of it any more. */
  #rests = 0;
  #deadlineMs = Number.POSITIVE_INFINITY;
  #lookAtMs = Number.POSITIVE_INFINITY;
  /** When it was last looked at, or asked. */
  #heardBytesBefore = 0;

  constructor(config: pg.ClientConfig = {}) {
    // A pool hides the password from whoever copies its settings.
    const { password } = config;
    const whole = { ...connectionDefaults, ...config, ...(password === undefined ? {} : { password }) };
    const servers = writableServerOf(config.connectionString);
    const [first] = servers?.url.hosts ?? [];
    super(
      servers === undefined || first === undefined
        ? whole
        : { ...whole, connectionString: servers.url.at(first) },
    );
    this.#config = whole;
    this.#servers = servers;
    const query = this.query.bind(this) as (...asked: readonly unknown[]) => unknown;
    this.query = ((...asked: readonly unknown[]) => {
      const [text, values] = asked;
      this.noteAsked(text);
      if (!isCopyIn(text, values)) {
        const name = nameOf(values);
        return name === undefined ? query(...asked) : query({ name, text, values });
      }
      const copy = new CopyIn(String(text), values[0]);
      query(copy);
      return copy.done;
    }) as pg.Client['query'];
    this.on('error', () => {
      this.#stopWatching();
      this.#doubtServer();
    });
    this.on('drain', () => this.#rest());
    this.on('end', () => {
      this.#stopWatching();
      clearInterval(this.#pulse);
      this.#servers?.leave(this);
    });
    this.#connection.on('errorMessage', ({ code }) => {
      // Who asked is told first. Nobody else shall ask a server that takes no writes.
      if (code !== readOnlyState) return;
      this.#doubtServer();
      setTimeout(() => this.break('Connection terminated: the server takes no writes'));
    });
  }

  override connect(): Promise<this>;
  override connect(callback: ((error: Error) => void) | ((error: null, client: pg.Client) => void)): void;
  override connect(callback?: (error: never, client: never) => void): Promise<this> | undefined {
    const connected = (
      this.#servers === undefined ? super.connect() : this.#connectTo(this.#servers)
    ) as Promise<this>;
    if (callback === undefined) return connected;
    const tell = callback as (error: unknown, client?: pg.Client) => void;
    connected.then(() => tell(null, this), tell);
    return undefined;
  }

  async #connectTo(servers: WritableServer): Promise<void> {
    const server = await servers.find(this.#config);
    // Whoever opened it has given up meanwhile.
    if (this.#connection.stream.destroyed === true) throw new StoreAwayError('timeout expired');
    this.#server = server;
    this.#config = { ...this.#config, connectionString: servers.url.at(server) };
    Object.assign(this, server);
    const said = new Map<string, string>();
    this.#connection.on('parameterStatus', ({ parameterName, parameterValue }) =>
      said.set(parameterName, parameterValue),
    );
    try {
      await super.connect();
      // Every PostgreSQL that we take says so by itself, before it takes the first statement.
      if (servers.url.writable && notWritable.some((name) => said.get(name) === 'on'))
        throw new StoreAwayError('The PostgreSQL that took the writes takes none any more.');
    } catch (error) {
      servers.doubt(server);
      this.break('Connection terminated');
      throw error;
    }
    servers.join(this, server);
  }

  #doubtServer(): void {
    if (this.#server !== undefined) this.#servers?.doubt(this.#server);
  }

  /** For one that is asked for nothing else: as `query` has it, without a second limit of time. */
  read(asked: BinaryRead): void {
    this.noteAsked(asked);
    const { _queryQueue: queue } = this as unknown as ClientInside;
    queue.push(asked);
    (this as unknown as ClientInside)._pulseQueryQueue();
  }

  get #connection(): WireConnection {
    return (this as unknown as { connection: WireConnection }).connection;
  }

  /** The server's number of this session. */
  get processId(): number {
    return processIdOf(this);
  }

  protected noteAsked(asked: unknown): void {
    noteMovement();
    this.#watch(limitOf(asked) ?? this.#config.query_timeout ?? Number.POSITIVE_INFINITY);
  }

  /** Asks from now on, too, while nobody asks: for a connection that only listens or holds something. */
  startPulse(statement = 'select 1', everyMs = pulseEveryMs): void {
    this.#pulse ??= setInterval(() => {
      // A statement that is under way is watched anyhow.
      if (!this.#isAsked) this.query({ text: statement, query_timeout: askMs } as pg.QueryConfig, ignore);
    }, everyMs);
  }

  /** Ends it at once, with no goodbye that may never arrive. */
  break(reason: string): void {
    this.#stopWatching();
    this.#doubtServer();
    this.#connection.stream.destroy(new Error(reason));
  }

  #watch(limitMs: number): void {
    // Where one statement follows the other, it may never say that it has none.
    if ((this as unknown as ClientInside).readyForQuery) this.#rest();
    this.#deadlineMs = Math.min(this.#deadlineMs, performance.now() + limitMs);
    if (this.#isAsked) return;
    this.#isAsked = true;
    this.#lookLater();
  }

  #rest(): void {
    this.#isAsked = false;
    this.#rests++;
    this.#deadlineMs = Number.POSITIVE_INFINITY;
  }

  #stopWatching(): void {
    this.#rest();
    clearTimeout(this.#timer);
    this.#timerEndsAtMs = Number.POSITIVE_INFINITY;
  }

  #lookLater(): void {
    this.#heardBytesBefore = this.#heardBytes();
    this.#lookAtMs = Math.min(performance.now() + silenceMs, this.#deadlineMs);
    if (this.#lookAtMs < this.#timerEndsAtMs) this.#setTimer();
  }

  #setTimer(): void {
    clearTimeout(this.#timer);
    this.#timerEndsAtMs = this.#lookAtMs;
    this.#timer = setTimeout(
      () => {
        this.#timerEndsAtMs = Number.POSITIVE_INFINITY;
        if (!this.#isAsked) return;
        // It was set for an earlier statement.
        if (performance.now() < this.#lookAtMs) this.#setTimer();
        else void this.#look();
      },
      Math.max(0, Math.ceil(this.#lookAtMs - performance.now())),
    );
  }

  async #look(): Promise<void> {
    if (performance.now() >= this.#deadlineMs) return this.break('Query read timeout');
    const rests = this.#rests;
    const isSilent = () => this.#rests === rests && this.#heardBytes() === this.#heardBytesBefore;
    if (isSilent() && (await this.#askForSession()) === 'dead') {
      await Bun.sleep(underWayMs);
      if (isSilent()) return this.break('Connection terminated: it does not answer');
    }
    if (this.#rests === rests) this.#lookLater();
  }

  #heardBytes(): number {
    return this.#connection.stream.bytesRead ?? 0;
  }

  async #askForSession(): Promise<SessionState> {
    const client = new SturdyClient({
      ...this.#config,
      connectionTimeoutMillis: askMs,
      query_timeout: askMs,
      application_name: watchName,
    });
    try {
      await client.connect();
      return await stateOfSession(client, this.processId);
    } catch (error) {
      // A server that refuses us is there; one that says nothing is not.
      return error instanceof pg.DatabaseError ? 'unknown' : 'dead';
    } finally {
      client.end().catch(ignore);
    }
  }
}

/**
 * How the server finds out that we are gone, so that our locks do not outlive us: by probes while nothing is sent, and
 * by what is not acknowledged. Without meaning for a socket in the file system.
 */
const serverNotices =
  '-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3 -c tcp_user_timeout=20000';

/** For every connection to PostgreSQL; `options` of its own take the last over. */
export const connectionDefaults = {
  keepAlive: true,
  keepAliveInitialDelayMillis: 10_000,
  connectionTimeoutMillis: 5000,
  options: serverNotices,
} satisfies pg.ClientConfig;

/** What a session is started with, besides what every one is. */
export const sessionOptions = (...settings: string[]): string =>
  [serverNotices, ...settings.map((setting) => `-c ${setting}`)].join(' ');

const ignore = () => {};

/** A write was refused: the server is a standby, or became one. */
const readOnlyState = '25006';

/** What a server says of itself as soon as it is connected to. */
const notWritable = ['in_hot_standby', 'default_transaction_read_only'];

/** What `pg` hides of a client. */
interface ClientInside {
  /** Whether no statement is under way. */
  readyForQuery: boolean;
  _queryQueue: unknown[];
  _pulseQueryQueue(): void;
}

/** What `pg` has below a client. */
interface WireConnection {
  stream: {
    destroy(error: Error): void;
    destroyed?: boolean;
    bytesRead?: number;
  };
  on(event: 'errorMessage', listener: (message: { code?: string }) => void): void;
  on(
    event: 'parameterStatus',
    listener: (message: { parameterName: string; parameterValue: string }) => void,
  ): void;
}

const processIdOf = (client: pg.Client): number => (client as unknown as { processID: number }).processID;

/** One that is left over, with all that it holds, is ended. */
async function stateOfSession(client: pg.Client, pid: number): Promise<SessionState> {
  const { rows } = await client.query<{ own: number; state: string | null }>(
    'select pg_backend_pid() as own, a.state from (select) one left join pg_stat_activity a on a.pid = $1',
    [pid],
  );
  const [{ own, state } = { own: 0, state: null }] = rows;
  // A pooler gives numbers of its own.
  if (own !== processIdOf(client)) return 'unknown';
  if (state === null) return 'dead';
  if (!state.startsWith('idle')) return 'works';
  await client.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where pid = $1 and state like 'idle%'",
    [pid],
  );
  return 'dead';
}

function limitOf(asked: unknown): number | undefined {
  if (typeof asked !== 'object' || asked === null || !('query_timeout' in asked)) return undefined;
  return typeof asked.query_timeout === 'number' && asked.query_timeout > 0 ? asked.query_timeout : undefined;
}
