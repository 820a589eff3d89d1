import type { Pool } from 'pg';
import type { Sandbox } from '#sandbox/sandbox.ts';
import { defaultApiKey, startSandbox } from '#sandbox/server.ts';
import { createLog } from '#shared/log.ts';
import { createTmdbClient } from '#worker/tmdb/create-tmdb-client.ts';
import { openLimiter } from '#worker/tmdb/limiter/limiter.ts';
import { openUpstreamStatus, type UpstreamStatus } from '#worker/tmdb/upstream/upstream-status.ts';

export interface SandboxClient extends AsyncDisposable {
  sandbox: Sandbox;
  status: UpstreamStatus;
  tmdb: ReturnType<typeof createTmdbClient>;
}

/** A sandbox and the client of it, for handlers that a test calls itself: quick to retry, and to probe. */
export async function openSandboxClient(pool: Pool, movies: number): Promise<SandboxClient> {
  const sandbox = await startSandbox({ movies });
  const log = createLog({ level: 'silent', name: 'test' });
  const limiter = openLimiter({ maxRps: 10_000, log });
  const status = await openUpstreamStatus({ pool, log, probeDelayMs: () => 50, random: () => 0 });
  const tmdb = createTmdbClient({
    baseUrl: sandbox.url,
    exportBaseUrl: sandbox.exportUrl,
    credential: { kind: 'token', token: defaultApiKey },
    limiter,
    status,
    log,
    timeoutMs: 2000,
    retryBaseMs: 5,
  });
  return {
    sandbox,
    status,
    tmdb,
    async [Symbol.asyncDispose]() {
      for (const it of [tmdb, status, limiter]) await it[Symbol.asyncDispose]();
      await sandbox.stop();
    },
  };
}
