import { createRandom } from '#sandbox/random.ts';
import { defaultApiKey, startSandbox } from '#sandbox/server.ts';
import { runStatement } from '#shared/db/run-statement.ts';
import { sql } from '#shared/db/sql.ts';
import { createLog } from '#shared/log.ts';
import type { Database } from '#shared/orm/database.ts';
import { syncChanges } from '#worker/changes/sync-changes.ts';
import { syncDetails } from '#worker/details/sync-details.ts';
import { type JobContext, noCounts } from '#worker/runner/handler.ts';
import { createTmdbClient } from '#worker/tmdb/create-tmdb-client.ts';
import { openLimiter } from '#worker/tmdb/limiter/limiter.ts';
import { openUpstreamStatus } from '#worker/tmdb/upstream/upstream-status.ts';
import { Losses } from '#worker/tmdb/wire/losses.ts';

interface Followed {
  meanWrong: number;
  /** Movies whose title is not TMDb's when the last day is over. */
  wrongAtEnd: number;
  changes: number;
  calls: number;
}

interface FollowOptions {
  database: Database;
  movies: number;
  days: number;
  changedPerDay: number;
  /** Calls that may refresh what is not due. */
  spareCallsPerSecond: number;
  seed: number;
}

const minuteMs = 60_000;
const everyMinutes = 15;

/**
 * The service's own jobs over a real database and a sandbox that changes, with days that pass in seconds. A movie is
 * wrong from the minute of its change until the job that brought its new title has ended.
 */
export async function followSandbox(options: FollowOptions): Promise<Followed> {
  const { database, movies, days, changedPerDay, spareCallsPerSecond, seed } = options;
  // Midnight, so that as many days end as in the simulation.
  const startMs = Math.floor(Date.now() / 86_400_000) * 86_400_000;
  let nowMs = startMs;
  await using stack = new AsyncDisposableStack();
  const sandbox = await startSandbox({ movies, seed, now: () => nowMs });
  stack.defer(() => sandbox.stop());
  const log = createLog({ level: 'silent', name: 'bench' });
  const limiter = stack.use(openLimiter({ maxRps: 10_000, log }));
  const status = stack.use(await openUpstreamStatus({ pool: database.pool, log }));
  const tmdb = stack.use(
    createTmdbClient({
      baseUrl: sandbox.url,
      exportBaseUrl: sandbox.exportUrl,
      credential: { kind: 'token', token: defaultApiKey },
      limiter,
      status,
      log,
    }),
  );
  const context = (): JobContext => {
    const counts = noCounts();
    return {
      em: database.orm.em.fork(),
      tmdb,
      mirror: { scope: 'full', popularPages: 1, spareCallsPerSecond, languages: ['en-US'], regions: ['US'] },
      signal: new AbortController().signal,
      now: () => new Date(nowMs),
      clockDoubt: () => undefined,
      log,
      counts,
      losses: new Losses(counts),
      progress: () => {},
    };
  };
  const ids = Array.from({ length: movies }, (_, position) => sandbox.catalogue.idAt(position));
  await runStatement(
    database.pool,
    sql`insert into movies (tmdb_id, title, state, scope) select id, '', 'unknown', 3 from unnest(${ids}::int[]) as id`,
  );
  await syncDetails({ trigger: 'start' }, context());
  sandbox.resetStats();

  const random = createRandom(seed, movies, 79);
  const wrongSince = new Map<number, { atMs: number; title: string }>();
  let [changes, wrongMs, due] = [0, 0, 0];
  const settle = async () => {
    const titles = JSON.stringify([...wrongSince].map(([id, { title }]) => ({ id, title })));
    const right = await runStatement(
      database.pool,
      sql<{ tmdb_id: number }>`
        select m.tmdb_id from movies m join json_to_recordset(${titles}::json) as w(id int, title text)
        on w.id = m.tmdb_id and w.title = m.title`,
    );
    for (const { tmdb_id } of right) {
      wrongMs += nowMs - (wrongSince.get(tmdb_id)?.atMs ?? nowMs);
      wrongSince.delete(tmdb_id);
    }
  };
  for (let minute = 1; minute <= days * 1440; minute++) {
    nowMs = startMs + minute * minuteMs;
    for (due += (movies * changedPerDay) / 1440; due >= 1; due--) {
      const id = ids[random.int(movies)] ?? 0;
      const title = `Changed ${++changes}`;
      sandbox.override(id, { title });
      wrongSince.set(id, { atMs: wrongSince.get(id)?.atMs ?? nowMs, title });
    }
    if (minute % everyMinutes > 0) continue;
    await syncChanges({ trigger: 'schedule' }, context());
    await syncDetails({ trigger: 'follow-up' }, context());
    await settle();
  }
  for (const { atMs } of wrongSince.values()) wrongMs += nowMs - atMs;
  const meanWrong = wrongMs / (days * 1440 * minuteMs) / movies;
  // What changed twice in a day is found when the day is over.
  nowMs = (Math.floor(nowMs / 86_400_000) + 1) * 86_400_000 + everyMinutes * minuteMs;
  await syncChanges({ trigger: 'schedule' }, context());
  await syncDetails({ trigger: 'follow-up' }, context());
  await settle();
  return {
    meanWrong,
    wrongAtEnd: wrongSince.size,
    changes,
    calls: sandbox.stats().requests,
  };
}
