import { fileURLToPath } from 'node:url';
import { type ApiConfig, ConfigError } from '#shared/config.ts';
import type { Log } from '#shared/log.ts';
import { within } from '#shared/within.ts';
import { listenRefusal } from './listen-refusal.ts';
import { addedUp } from './merged-figures.ts';
import type { Order, PoolSizes, ProcessFigures, Report } from './messages.ts';
import { type SeenRequests, surplusConnections } from './spread-connections.ts';

interface WatchOverOptions {
  count: number;
  pools: PoolSizes;
  log: Log;
  /** Where their log lines go; `undefined`: to stdout. */
  logTo?: string | number | undefined;
}

export interface ApiProcesses extends AsyncDisposable {
  url: string;
  /** Replaces one after the other, so that the port is always served. */
  restart(): Promise<void>;
}

interface Child {
  pid: number;
  exited: Promise<number>;
  up: Promise<string>;
  figures: ProcessFigures;
  /** Since they were all asked; `undefined` until it has said so. */
  seen: SeenRequests | undefined;
  /** When it last said something, once it serves. */
  heardMs: number;
  send(order: Order): void;
  kill(signal: NodeJS.Signals): void;
}

const script = fileURLToPath(new URL('../one-process.ts', import.meta.url));
/** How long one may take to serve. */
const startMs = 60_000;
/** One that has said nothing for so long hangs: it says what it counted every five seconds. */
const silentMs = 30_000;
const lookEveryMs = 5000;
/** Connections that were dealt out by chance are even after a few times of this. */
const spreadEveryMs = 1500;
/** How long the figures of all are waited for when one of them is asked. */
const countMs = 1000;
/** Between an end and the next start: doubled with each that comes soon after the last. */
const pauses = { firstMs: 250, mostMs: 30_000, soonMs: 10_000 };

/** API processes that share a port, each replaced when it ends. */
export async function watchOver(
  config: Pick<ApiConfig, 'host' | 'port' | 'shutdownGraceMs'>,
  { count, pools, log, logTo }: WatchOverOptions,
): Promise<ApiProcesses> {
  let { port } = config;
  let kept: ProcessFigures = [];
  const stopping = new AbortController();
  const running: Child[] = [];
  refuseTakenPort(config);

  function start(): Child {
    const { promise: up, resolve, reject } = Promise.withResolvers<string>();
    const hear = (said: Report) => {
      child.heardMs = performance.now();
      if (said.type === 'up') resolve(said.url);
      else if (said.type === 'figures') {
        child.figures = said.figures;
        for (const wanting of wanted) wanting(child);
      } else if (said.type === 'requests') spread(child, said);
      else
        collect().then(
          (figures) => child.send({ type: 'counted', id: said.id, figures }),
          (error: unknown) => log.warn({ err: error }, 'the figures of all processes could not be gathered'),
        );
    };
    const spawned = Bun.spawn([process.execPath, script], {
      env: process.env,
      stdio: ['ignore', 'inherit', 'inherit'],
      ipc: hear,
    });
    const child: Child = {
      pid: spawned.pid,
      exited: spawned.exited,
      up: within(startMs, up),
      figures: [],
      seen: undefined,
      heardMs: Number.POSITIVE_INFINITY,
      send: (order) => {
        try {
          spawned.send(order);
        } catch {
          // It has ended, or is about to: another one takes its place.
        }
      },
      kill: (signal) => spawned.kill(signal),
    };
    void spawned.exited.then(() => reject(new Error('an API process ended while it started')));
    child.up.catch(() => {});
    child.send({ type: 'begin', port, pools, logTo });
    return child;
  }

  function spread(from: Child, { requests, connections }: SeenRequests): void {
    from.seen = { requests, connections };
    const all = running.flatMap(({ seen }) => seen ?? []);
    if (all.length < running.length) return;
    for (const child of running) {
      const letGo = child.seen === undefined ? 0 : surplusConnections(child.seen, all);
      if (letGo > 0) child.send({ type: 'let-go', connections: letGo });
    }
  }

  const wanted = new Set<(from: Child) => void>();
  /** What every process has counted; of one that does not answer, what it said last. */
  async function collect(): Promise<ProcessFigures[]> {
    const missing = new Set(running);
    const { promise, resolve } = Promise.withResolvers<void>();
    const note = (from: Child) => {
      missing.delete(from);
      if (missing.size === 0) resolve();
    };
    wanted.add(note);
    for (const child of running) child.send({ type: 'count' });
    await within(countMs, promise).catch(() => {});
    wanted.delete(note);
    return [...running.map(({ figures }) => figures), kept];
  }

  /** Its end is the beginning of another, unless it was asked to end. */
  async function keep(first: Child): Promise<void> {
    let child = first;
    let pauseMs = pauses.firstMs;
    for (;;) {
      const startedMs = performance.now();
      const code = await child.exited;
      kept = await addedUp(kept, child.figures).catch(() => kept);
      const place = running.indexOf(child);
      if (place === -1 || stopping.signal.aborted) return;
      running.splice(place, 1);
      pauseMs =
        performance.now() - startedMs > pauses.soonMs ? pauses.firstMs : Math.min(pauseMs * 2, pauses.mostMs);
      const next = await startAnother({ pid: child.pid, code }, pauseMs);
      if (next === undefined) return;
      child = next;
      running.push(child);
    }
  }

  /** Tries again while the system has no process or memory left. @returns `undefined` where all are to end */
  async function startAnother(ended: object, pauseMs: number): Promise<Child | undefined> {
    for (let waitMs = pauseMs; ; waitMs = Math.min(waitMs * 2, pauses.mostMs)) {
      // Of a signal to the whole group the others end, too: then this one hears of it in a moment.
      await Bun.sleep(waitMs);
      if (stopping.signal.aborted) return undefined;
      log.error(ended, 'an API process ended, starting another one');
      try {
        return start();
      } catch (error) {
        log.error({ err: error }, 'no API process can be started now, trying again');
      }
    }
  }

  async function end(child: Child): Promise<void> {
    child.send({ type: 'end' });
    await within(config.shutdownGraceMs, child.exited).catch(() => child.kill('SIGKILL'));
    await child.exited;
  }

  let restarting: Promise<void> | undefined;
  async function replaceAll(): Promise<void> {
    for (const old of [...running]) {
      if (stopping.signal.aborted) return;
      const next = start();
      try {
        await next.up;
      } catch (error) {
        next.kill('SIGKILL');
        log.error({ err: error }, 'a new API process does not serve: the others go on');
        return;
      }
      running.push(next);
      void keep(next);
      const place = running.indexOf(old);
      if (place !== -1) running.splice(place, 1);
      await end(old);
    }
    log.info('all API processes are new');
  }

  const watch = setInterval(() => {
    for (const child of running) {
      if (performance.now() - child.heardMs < silentMs) continue;
      log.error({ pid: child.pid }, 'an API process hangs, and is ended');
      child.kill('SIGKILL');
    }
  }, lookEveryMs);
  const spreading = setInterval(() => {
    for (const child of running) {
      child.seen = undefined;
      child.send({ type: 'count-requests' });
    }
  }, spreadEveryMs);
  const dispose = async () => {
    stopping.abort();
    clearInterval(watch);
    clearInterval(spreading);
    await Promise.all(running.map(end));
  };

  try {
    // The first one finds a port where none is named, and makes what is made once.
    running.push(start());
    const url = (await running[0]?.up) ?? '';
    port = Number(new URL(url).port) || port;
    for (let more = 1; more < count; more++) running.push(start());
    for (const child of running) void keep(child);
    const all = Promise.all(running.map(({ up }) => up));
    void all.then(() => log.info({ url, processes: count }, 'all API processes are up')).catch(() => {});
    return {
      url,
      restart: () => {
        restarting ??= replaceAll().finally(() => {
          restarting = undefined;
        });
        return restarting;
      },
      [Symbol.asyncDispose]: dispose,
    };
  } catch (error) {
    await dispose();
    throw new ConfigError('The API did not start.', { cause: error });
  }
}

/** Processes that share a port would join a stranger's, too. */
function refuseTakenPort({ host, port }: { host: string; port: number }): void {
  try {
    Bun.listen({ hostname: host, port, exclusive: true, socket: { data: () => {} } }).stop(true);
  } catch (error) {
    const refusal = listenRefusal(error, { host, port });
    throw refusal === undefined ? error : new ConfigError(refusal);
  }
}
