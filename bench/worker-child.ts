import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { Database } from '#shared/orm/database.ts';
import { databaseUrl } from '#tests/support/database.ts';
import packageJson from '../package.json';
import { plainEnvironment } from './child-program.ts';
import { type SandboxChild, sandboxKey } from './sandbox-child.ts';

export interface WorkerChild extends AsyncDisposable {
  pid: number;
  /** Waits for what it brings about; fails, with its last words, when that takes too long or it ends. */
  until(condition: () => Promise<boolean>, timeoutMs: number): Promise<void>;
  /** The last warnings of its log. */
  lastWords(): readonly string[];
  /** SIGKILL. */
  kill(): Promise<void>;
}

interface WorkerSettings {
  database: Database;
  sandbox: SandboxChild;
  maxRps: number;
  redisUrl?: string | undefined;
}

const root = fileURLToPath(new URL('..', import.meta.url));

/** What `npm run worker` runs, with the settings of Bun's that stand there, for the whole mirror, against the sandbox. */
export function startWorkerChild({ database, sandbox, maxRps, redisUrl }: WorkerSettings): WorkerChild {
  const environment = plainEnvironment();
  const child = Bun.spawn(['sh', '-c', packageJson.scripts.worker], {
    cwd: root,
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'inherit',
    env: {
      ...environment,
      PATH: `${join(root, 'node_modules/.bin')}:${environment.PATH}`,
      DATABASE_URL: databaseUrl(database),
      ...(redisUrl === undefined ? {} : { REDIS_URL: redisUrl }),
      JWT_SECRET: 'a secret of the bench, which signs nothing',
      TMDB_ACCESS_TOKEN: sandboxKey,
      TMDB_BASE_URL: sandbox.url,
      TMDB_EXPORT_BASE_URL: sandbox.exportUrl,
      TMDB_MAX_RPS: String(maxRps),
      MIRROR_SCOPE: 'full',
      LOG_LEVEL: 'warn',
    },
  });
  const lastWords = keepLastWords(child.stdout);
  const ended = async (signal: 'SIGTERM' | 'SIGKILL') => {
    child.kill(signal);
    await child.exited;
  };
  return {
    pid: child.pid,
    async until(condition, timeoutMs) {
      const endAt = performance.now() + timeoutMs;
      while (!(await condition())) {
        const trouble =
          child.exitCode !== null ? `ended with ${child.exitCode}` : `took over ${timeoutMs / 1000} s`;
        if (child.exitCode !== null || performance.now() > endAt)
          throw new Error(`the worker ${trouble}; its last words:\n${lastWords.join('\n')}`);
        await Bun.sleep(pollMs);
      }
    },
    lastWords: () => lastWords,
    kill: () => ended('SIGKILL'),
    [Symbol.asyncDispose]: () => ended('SIGTERM'),
  };
}

const pollMs = 100;
const keptLines = 5;

/** The last warnings of a worker; how it ends when it is told to is no news. */
function keepLastWords(stdout: ReadableStream<Uint8Array>): string[] {
  const kept: string[] = [];
  void (async () => {
    for await (const line of createInterface({ input: Readable.fromWeb(stdout as never) })) {
      kept.push(line.slice(0, 600));
      if (kept.length > keptLines) kept.shift();
    }
  })();
  return kept;
}
