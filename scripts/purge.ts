import { readCommonConfig } from '#shared/config.ts';
import { createLog } from '#shared/log.ts';
import { migrateDatabase, openConfiguredDatabase } from '#shared/orm/database.ts';
import { runProgram } from '#shared/program.ts';
import { openQueues } from '#shared/queues/queue.ts';
import { readArguments } from '#shared/read-arguments.ts';

const { values } = readArguments({
  usage: `Usage: npm run purge -- [--force]

Asks the worker to delete content that could not be refreshed for 180 days. It does so daily by itself.
--force  lifts the limit of a fifth of the mirror for this once`,
  options: { force: { type: 'boolean', default: false } },
});

/** Asks the worker for a purge now; `--force` lifts its safety limit for this once. */
await runProgram({
  async open({ end, signal }) {
    const config = readCommonConfig(process.env);
    const log = createLog({ level: config.logLevel, name: 'purge' });
    await using stack = new AsyncDisposableStack();
    const database = stack.use(await openConfiguredDatabase(config, log, { signal }));
    await migrateDatabase(database);
    const queues = stack.use(
      await openQueues({ ...config, tracing: undefined, database, log, role: 'producer' }),
    );
    const { force } = values;
    await queues.enqueue('purge', { trigger: 'admin', force });
    process.stdout.write(
      `A purge${force ? ' (forced)' : ''} was queued. The console and the worker's log show how it goes.\n`,
    );
    end();
    const owned = stack.move();
    return { graceMs: config.shutdownGraceMs, [Symbol.asyncDispose]: () => owned.disposeAsync() };
  },
});
