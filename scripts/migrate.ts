import { readMigrateConfig } from '#shared/config.ts';
import { createLog } from '#shared/log.ts';
import { migrateDatabase, openConfiguredDatabase } from '#shared/orm/database.ts';
import { grantAppRole } from '#shared/orm/grant-app-role.ts';
import { runProgram } from '#shared/program.ts';
import { readArguments } from '#shared/read-arguments.ts';

readArguments({
  usage: `Usage: npm run migrate

Brings the schema of the database up to date. Every start does the same by itself.`,
});

/**
 * Brings the schema up to date and ends. Every start does the same by itself, where its role may.
 * With DATABASE_APP_PASSWORD it also makes the ordinary role that api and worker then connect as.
 */
await runProgram({
  async open({ end, signal }) {
    const config = readMigrateConfig(process.env);
    const log = createLog({ level: config.logLevel, name: 'migrate' });
    const database = await openConfiguredDatabase(config, log, { signal });
    await migrateDatabase(database);
    if (config.appRole !== undefined) await grantAppRole(database.clientConfig, config.appRole);
    log.info('the schema is up to date');
    end();
    return { graceMs: config.shutdownGraceMs, [Symbol.asyncDispose]: () => database[Symbol.asyncDispose]() };
  },
});
