import { join } from 'node:path';
import { openApis } from '#api/main.ts';
import { bufferedOutput } from '#shared/buffered-output.ts';
import { readApiConfig, readWorkerConfig } from '#shared/config.ts';
import { lockDataFolder, prepareDataFolder } from '#shared/embedded/data-folder.ts';
import { createLog } from '#shared/log.ts';
import { migrateDatabase, openConfiguredDatabase } from '#shared/orm/database.ts';
import { type Running, readAll, runProgram } from '#shared/program.ts';
import { openQueues } from '#shared/queues/queue.ts';
import { readArguments } from '#shared/read-arguments.ts';
import { openTracing } from '#shared/tracing/open-tracing.ts';
import { openWorker } from '#worker/main.ts';
import { announceFirstAnswer } from './announce-first-answer.ts';
import { makeFirstAdmin } from './make-first-admin.ts';
import { showFirstSync } from './show-first-sync.ts';

const { values } = readArguments({
  usage: `Usage: npm start
       npm start -- --reset-mirror

Starts everything: the stores that no setting names, the worker and the API. docs/settings.md lists the settings.
--reset-mirror  empties the mirror first if another upstream filled it; users and what they saved stay`,
  options: { 'reset-mirror': { type: 'boolean', default: false } },
});

const say = (line: string) => process.stdout.write(`${line}\n`);

/** Everything in one command: stores where none are given, the worker, and the api. */
await runProgram({
  startsAgain: true,
  async open({ fail, signal }): Promise<Running> {
    const startedMs = performance.now();
    const [apiConfig, workerConfig] = readAll(
      () => readApiConfig(process.env),
      () => readWorkerConfig(process.env),
    );
    await using stack = new AsyncDisposableStack();
    const dataDir = await prepareDataFolder(apiConfig.dataDir);
    stack.use(await lockDataFolder(dataDir, 'start'));
    // The terminal is for people: there the JSON lines go into a file. Elsewhere they go to stderr, beside what is said.
    const logTo = process.stdout.isTTY ? join(dataDir, 'nexus.log') : 2;
    const log = createLog({
      level: apiConfig.logLevel,
      name: 'start',
      destination: bufferedOutput(logTo),
    });
    say('Project Nexus is starting…');
    const tracing = await openTracing({ target: apiConfig.tracing, serviceName: 'nexus', log });
    if (tracing !== undefined) stack.use(tracing);
    const database = stack.use(
      await openConfiguredDatabase(apiConfig, log, { inherit: true, signal, onWait: say }),
    );
    await migrateDatabase(database);
    const queues = stack.use(
      await openQueues({
        redisUrl: apiConfig.redisUrl,
        redisSentinels: apiConfig.redisSentinels,
        database,
        log,
        role: 'worker',
        signal,
        onWait: say,
        tracing,
      }),
    );
    const worker = stack.use(
      await openWorker(workerConfig, {
        database,
        queues,
        log: log.child({ part: 'worker' }),
        onFatal: fail,
        tracing,
        resetMirror: values['reset-mirror'],
        say,
      }),
    );
    const api = stack.use(
      await openApis(apiConfig, { database, queues, log: log.child({ part: 'api' }), logTo, tracing, say }),
    );
    say(
      `  database   ${apiConfig.database.kind === 'embedded' ? `PostgreSQL, embedded in ${dataDir}` : 'PostgreSQL at DATABASE_URL'}`,
    );
    say(
      `  queues     in ${queues.kind === 'redis' ? `Redis at ${apiConfig.redisSentinels === undefined ? 'REDIS_URL' : 'REDIS_SENTINELS'}` : 'PostgreSQL (REDIS_URL moves them to Redis)'}`,
    );
    say(`  TMDb       ${worker.upstream}`);
    say(`  listening  ${api.url}   (API description: ${api.url}/docs)`);
    await makeFirstAdmin({ pool: database.pool, config: apiConfig, url: api.url, say });
    const telling = new AbortController();
    const told = Promise.all([
      announceFirstAnswer({ pool: database.pool, url: api.url, startedMs, say, signal: telling.signal }),
      showFirstSync({ pool: database.pool, say, signal: telling.signal }),
    ]);
    told.catch((error: unknown) => log.warn({ err: error }, 'the first sync could not be shown'));
    stack.defer(async () => {
      telling.abort();
      await told.catch(() => {});
    });
    const owned = stack.move();
    return {
      graceMs: apiConfig.shutdownGraceMs,
      log,
      async [Symbol.asyncDispose]() {
        say('Stopping…');
        await owned.disposeAsync();
      },
    };
  },
});
