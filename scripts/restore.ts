import { ConfigError, readCommonConfig } from '#shared/config.ts';
import { createLog } from '#shared/log.ts';
import { migrateDatabase, openConfiguredDatabase } from '#shared/orm/database.ts';
import { runProgram } from '#shared/program.ts';
import { readArguments } from '#shared/read-arguments.ts';
import { readBackup } from './backup/read-backup.ts';

const { positionals } = readArguments({
  usage: `Usage: npm run restore <file>

Fills an empty database from a backup: all of it, or nothing.`,
  positionals: 1,
});

/** Fills an empty database from a backup: all of it, or nothing. */
await runProgram({
  async open({ end, signal }) {
    const config = readCommonConfig(process.env);
    const [file] = positionals;
    if (file === undefined) throw new ConfigError('Usage: npm run restore <file>');
    const log = createLog({ level: 'warn', name: 'restore' });
    await using stack = new AsyncDisposableStack();
    const database = stack.use(await openConfiguredDatabase(config, log, { signal }));
    await migrateDatabase(database);
    const { tables, rows } = await readBackup({ clientConfig: database.clientConfig, file, signal });
    process.stdout.write(`${file}: ${rows} rows of ${tables} tables restored\n`);
    end();
    const owned = stack.move();
    return { graceMs: config.shutdownGraceMs, [Symbol.asyncDispose]: () => owned.disposeAsync() };
  },
});
