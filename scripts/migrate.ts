import { readCommonConfig } from '#shared/config.ts';
import { createLog } from '#shared/log.ts';
import { migrateDatabase, openConfiguredDatabase } from '#shared/orm/database.ts';
import { runProgram } from '#shared/program.ts';
import { readArguments } from '#shared/read-arguments.ts';

readArguments({
  usage: `Usage: npm run migrate

Brings the schema of the database up to date. Every start does the same by itself.`,
});

/** Brings the schema up to date and ends. Every start does the same by itself. */
await runProgram({
  async open({ end, signal }) {
    const config = readCommonConfig(process.env);
    const log = createLog({ level: config.logLevel, name: 'migrate' });
    const database = await openConfiguredDatabase(config, log, { signal });
    await migrateDatabase(database);
    log.info('the schema is up to date');
    end();
    return { graceMs: config.shutdownGraceMs, [Symbol.asyncDispose]: () => database[Symbol.asyncDispose]() };
  },
});
