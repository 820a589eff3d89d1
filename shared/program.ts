// Loaded by bunfig.toml before everything else; here for those who start without it.
import './early-signals.ts';

import { ConfigError, secretSettings, settingNames } from './config.ts';
import { keepLoopbackDirect } from './keep-loopback-direct.ts';
import { misspeltSettings } from './misspelt-settings.ts';

/** Failures with one sentence for the operator, that need no stack: a bad setting, a port in use, a folder locked. */
const plainErrors = new Set([
  'ConfigError',
  'DataFolderError',
  'DataFolderLockedError',
  'EmbeddedPostgresError',
  'LockFileError',
  'StoreAwayError',
]);

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
}

/** `npm` forwards signals. With Ctrl-C both npm and this process get one, so it arrives twice. */
const echoMs = process.env.npm_lifecycle_event === undefined ? 0 : 300;

/**
 * A process from start to end: opens, waits for SIGTERM, SIGINT or `end`, closes, and exits 0 within the grace time.
 * A second signal ends it at once: nothing is lost by that, only left for the next start.
 */
export async function runProgram({
  open,
  isPart = false,
}: {
  open: (control: ProgramControl) => Promise<Running>;
  /** Of another program, which has told its person already what is odd. */
  isPart?: boolean;
}): Promise<never> {
  keepLoopbackDirect(process.env);
  for (const hint of isPart ? [] : misspeltSettings(process.env, settingNames, secretSettings))
    process.stderr.write(`${hint}\n`);
  const { promise: ending, resolve } = Promise.withResolvers<Error | undefined>();
  const signalled = new AbortController();
  let signalledMs = Number.POSITIVE_INFINITY;
  const onSignal = () => {
    if (!signalled.signal.aborted) {
      signalledMs = performance.now();
      signalled.abort();
      resolve(undefined);
    } else if (performance.now() - signalledMs >= echoMs) process.exit(130);
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  let running: Running;
  try {
    running = await open({ end: () => resolve(undefined), fail: resolve, signal: signalled.signal });
  } catch (error) {
    if (signalled.signal.aborted) process.exit(0);
    process.stderr.write(`${sentenceOf(error)}\n`);
    process.exit(1);
  }
  const failure = await ending;
  const code = failure === undefined ? 0 : 1;
  if (failure !== undefined) process.stderr.write(`${sentenceOf(failure)}\n`);
  // Whatever still runs then is safe to cut off: every job is taken up again where the tables say.
  setTimeout(() => process.exit(code), running.graceMs).unref();
  // An error while closing (a store that went away first) is printed. It does not change the exit code.
  const tell = (error: unknown) => void process.stderr.write(`While closing: ${sentenceOf(error)}\n`);
  process.on('unhandledRejection', tell);
  process.on('uncaughtException', tell);
  try {
    await running[Symbol.asyncDispose]();
  } catch (error) {
    tell(error);
  }
  process.exit(code);
}

function sentenceOf(error: unknown): string {
  if (!(error instanceof Error)) return Bun.inspect(error);
  return plainErrors.has(error.name) ? error.message : Bun.inspect(error);
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
