// Loaded by bunfig.toml before everything else; here for those who start without it.
import './early-signals.ts';

import { ConfigError, secretSettings, settingNames } from './config.ts';
import { keepLoopbackDirect } from './keep-loopback-direct.ts';
import type { Log } from './log.ts';
import { misspeltSettings } from './misspelt-settings.ts';
import { sayFailure } from './say-failure.ts';

export interface ProgramControl {
  /** The work is done: close and exit 0. */
  end: () => void;
  /** It cannot go on: say why, close, and exit 1. */
  fail: (error: Error) => void;
  /** Fires with the first signal: what is still being opened need not be waited for. */
  signal: AbortSignal;
}

export interface Running extends AsyncDisposable {
  /** How long closing may take. */
  graceMs: number;
  /** Where an error is told that nobody expected, besides stderr. */
  log?: Log;
}

/** `npm` forwards signals. With Ctrl-C both npm and this process get one, so it arrives twice. */
const echoMs = process.env.npm_lifecycle_event === undefined ? 0 : 300;

/** After an error that nobody expected, what starts itself again pauses so long, doubled each time… */
const firstPauseMs = 1000;
/** …and gives up with the next one after so many, unless it had been well for so long in between. */
const mostRestarts = 5;
const wellMs = 10 * 60_000;
/** How long what is being opened may still take after such an error. */
const openMs = 30_000;

interface ProgramOptions {
  open: (control: ProgramControl) => Promise<Running>;
  /** Of another program, which has told its person already what is odd. */
  isPart?: boolean;
  /** After an error that nobody expected it closes all, and opens it anew: for what nobody else starts again. */
  startsAgain?: boolean;
}

/**
 * A process from start to end: opens, waits for SIGTERM, SIGINT or `end`, closes, and exits 0 within the grace time.
 * A second signal ends it at once: nothing is lost by that, only left for the next start. An error that nobody caught
 * is told by the log (`fatal`), closes everything in order, and exits 1.
 */
export async function runProgram({
  open,
  isPart = false,
  startsAgain = false,
}: ProgramOptions): Promise<never> {
  keepLoopbackDirect(process.env);
  for (const hint of isPart ? [] : misspeltSettings(process.env, settingNames, secretSettings))
    process.stderr.write(`${hint}\n`);
  // Whoever read what is said has gone, or the disk is full: no reason to end.
  for (const output of [process.stdout, process.stderr]) output.on('error', () => {});
  for (const event of ['unhandledRejection', 'uncaughtException'])
    process.on(event, (thrown: unknown) => hearUncaught(thrown));
  const signalled = new AbortController();
  let signalledMs = Number.POSITIVE_INFINITY;
  const onSignal = () => {
    if (!signalled.signal.aborted) {
      signalledMs = performance.now();
      signalled.abort();
    } else if (performance.now() - signalledMs >= echoMs) process.exit(130);
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  for (let restarts = 0, pauseMs = firstPauseMs; ; restarts++, pauseMs *= 2) {
    const openedMs = performance.now();
    const { code, isUnexpected } = await runOnce(open, signalled.signal);
    if (performance.now() - openedMs > wellMs) [restarts, pauseMs] = [0, firstPauseMs];
    if (!isUnexpected || !startsAgain || restarts === mostRestarts) process.exit(code);
    process.stderr.write(`Starting again in ${pauseMs / 1000} s…\n`);
    await Bun.sleep(pauseMs);
    if (signalled.signal.aborted) process.exit(code);
  }
}

/** What becomes of an error that nobody caught, at this moment. */
let hearUncaught: (thrown: unknown) => void = (thrown) => refuse(thrown);

interface Ending {
  code: number;
  isUnexpected: boolean;
}

/** Opens, waits, and closes; exits where it cannot be opened, or not be closed in time. */
async function runOnce(open: ProgramOptions['open'], signal: AbortSignal): Promise<Ending> {
  const { promise: ending, resolve } = Promise.withResolvers<{ failure?: Error; isUnexpected?: true }>();
  const onSignal = () => resolve({});
  signal.addEventListener('abort', onSignal, { once: true });
  let hopeless: ReturnType<typeof setTimeout> | undefined;
  hearUncaught = (thrown) => {
    const failure = thrown instanceof Error ? thrown : new Error(Bun.inspect(thrown));
    resolve({ failure, isUnexpected: true });
    // What is being opened is closed when it is open, unless the error is why it never will be.
    hopeless ??= setTimeout(() => refuse(failure, signal), openMs);
  };
  let running: Running;
  try {
    running = await open({ end: () => resolve({}), fail: (failure) => resolve({ failure }), signal });
  } catch (error) {
    refuse(error, signal);
  }
  const { failure, isUnexpected = false } = await ending;
  clearTimeout(hopeless);
  // An error while closing (a store that went away first) is printed. It does not change the exit code.
  hearUncaught = (thrown) => void process.stderr.write(`While closing: ${sayFailure(thrown)}\n`);
  const code = failure === undefined ? 0 : 1;
  if (isUnexpected)
    running.log?.fatal(
      { err: failure, code: 'internal_error' },
      'an error that nobody expected: everything is closed',
    );
  if (failure !== undefined) process.stderr.write(`${sayFailure(failure)}\n`);
  // Whatever still runs then is safe to cut off: every job is taken up again where the tables say.
  const late = setTimeout(() => process.exit(code), running.graceMs).unref();
  try {
    await running[Symbol.asyncDispose]();
  } catch (error) {
    hearUncaught(error);
  }
  clearTimeout(late);
  signal.removeEventListener('abort', onSignal);
  return { code, isUnexpected };
}

/** It was not opened. */
function refuse(error: unknown, signal?: AbortSignal): never {
  if (signal?.aborted) process.exit(0);
  process.stderr.write(`${sayFailure(error)}\n`);
  process.exit(1);
}

/** Reads several configurations and reports the faults of all of them at once. @throws {ConfigError} */
export function readAll<T extends readonly unknown[]>(...readers: { [K in keyof T]: () => T[K] }): T {
  const faults = new Set<string>();
  const read = readers.map((reader) => {
    try {
      return reader();
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      for (const line of error.message.split('\n')) faults.add(line);
      return undefined;
    }
  });
  if (faults.size > 0) throw new ConfigError([...faults].join('\n'));
  return read as unknown as T;
}
