import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from '#shared/orm/database.ts';
import { childrenOf } from '#tests/support/children-of.ts';
import { databaseUrl } from '#tests/support/database.ts';
import { startProgram } from '#tests/support/program.ts';
import { freePort } from '#tests/support/redis.ts';
import { until } from '#tests/support/until.ts';
import { createPostgresMeter } from '../costs/cpu-meter.ts';
import { cpuMs } from '../process-figures.ts';

export interface ApiService extends AsyncDisposable {
  url: string;
  port: number;
  /** Those that answer requests. */
  pids: number[];
  /** From the start of the program until it had answered `path`. */
  firstAnswerMs: number;
  /** What of the processor it took until then, with PostgreSQL's part. */
  firstAnswerCpuMs: number;
  /** Everything it has printed: the log. */
  output(): string;
}

/** `npm run api` over a database that is there, up when it has answered `path`. */
export async function startApiService(
  database: Database,
  { path, processes, settings = {} }: { path: string; processes: number; settings?: Record<string, string> },
): Promise<ApiService> {
  await using stack = new AsyncDisposableStack();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const dataDir = await mkdtemp(join(tmpdir(), 'nexus-bench-api-'));
  stack.defer(() => rm(dataDir, { recursive: true, force: true }));
  const ofPostgres = await createPostgresMeter(database);
  const before = await ofPostgres();
  const startedAt = performance.now();
  const program = stack.use(
    startProgram('api/main.ts', {
      DATABASE_URL: databaseUrl(database),
      NEXUS_DATA_DIR: dataDir,
      JWT_SECRET: 'the secret of a bench, long enough',
      PORT: String(port),
      API_PROCESSES: String(processes),
      RATE_LIMIT: 'off',
      ...settings,
    }),
  );
  await firstAnswer(`${url}${path}`);
  const firstAnswerMs = performance.now() - startedAt;
  const firstAnswerCpuMs = (await cpuMs(program.pid)) + (await ofPostgres()) - before;
  if (processes > 1) await until(() => program.output().includes('all API processes are up'), 60_000);
  const owned = stack.move();
  return {
    ...{ url, port, firstAnswerMs, firstAnswerCpuMs, output: program.output },
    pids: processes > 1 ? childrenOf(program.pid) : [program.pid],
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

const patienceMs = 60_000;

/** Asks every few milliseconds: how long it took is measured. */
async function firstAnswer(url: string): Promise<void> {
  const end = performance.now() + patienceMs;
  while (performance.now() < end) {
    const answer = await fetch(url).catch(() => undefined);
    await answer?.arrayBuffer();
    if (answer?.status === 200) return;
    await Bun.sleep(5);
  }
  throw new Error(`${url} did not answer`);
}
