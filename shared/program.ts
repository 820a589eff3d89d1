import { ConfigError } from './config.ts';

/** A failure that has one sentence for the operator and needs no stack: a port in use, a folder locked. */
const plainErrors = new Set([
  'ConfigError',
  'DataFolderError',
  'DataFolderLockedError',
  'EmbeddedPostgresError',
]);

interface ProgramOptions {
  /** Opens everything; what it returns is disposed at the end. `fail` ends the program with a message. */
  open: (control: { fail: (error: Error) => void }) => Promise<AsyncDisposable & { graceMs: number }>;
}

/**
 * A process from start to end: opens, waits for SIGTERM or SIGINT, closes in reverse and exits 0 within the grace
 * time. A second signal ends it at once: nothing is lost by that, only left for the next start.
 */
export async function runProgram({ open }: ProgramOptions): Promise<never> {
  const { promise: ending, resolve: end } = Promise.withResolvers<Error | undefined>();
  let signals = 0;
  const onSignal = () => {
    signals++;
    if (signals > 1) process.exit(130);
    end(undefined);
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  const opened = open({ fail: end }).catch((error: unknown) => failBeforeStart(error));
  const failure = await Promise.race([ending, opened.then(() => ending)]);
  const running = await opened;
  const late = setTimeout(() => process.exit(failure === undefined ? 0 : 1), running.graceMs);
  late.unref();
  if (failure !== undefined) process.stderr.write(`${failure.message}\n`);
  await running[Symbol.asyncDispose]();
  process.exit(failure === undefined ? 0 : 1);
}

function failBeforeStart(error: unknown): never {
  const plain = error instanceof Error && plainErrors.has(error.name);
  process.stderr.write(`${plain ? error.message : Bun.inspect(error)}\n`);
  process.exit(1);
}

/** Reads several configurations and reports the faults of all of them at once. @throws {ConfigError} */
export function readAll<T extends readonly unknown[]>(...readers: { [K in keyof T]: () => T[K] }): T {
  const faults: string[] = [];
  const read = readers.map((reader) => {
    try {
      return reader();
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      faults.push(error.message);
      return undefined;
    }
  });
  if (faults.length > 0) throw new ConfigError([...new Set(faults.join('\n').split('\n'))].join('\n'));
  return read as unknown as T;
}
