import { ConfigError, readCommonConfig } from '#shared/config.ts';
import { createLog } from '#shared/log.ts';
import { migrateDatabase, openConfiguredDatabase } from '#shared/orm/database.ts';
import { runProgram } from '#shared/program.ts';
import { readArguments } from '#shared/read-arguments.ts';
import { readBackup } from './backup/read-backup.ts';

const { positionals, values } = readArguments({
  usage: `Usage: npm run restore -- [--end-sessions] <file>

Fills an empty database from a backup: all of it, or nothing.
--end-sessions  everybody signs in anew: else sessions and links that have ended since the backup work again`,
  options: { 'end-sessions': { type: 'boolean', default: false } },
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
    const endsSessions = values['end-sessions'];
    const { tables, rows } = await readBackup({
      clientConfig: database.clientConfig,
      file,
      endsSessions,
      signal,
    });
    const sessions = endsSessions
      ? 'All sessions in it have ended.'
      : 'Sessions that have ended since the backup work again; --end-sessions ends them all.';
    process.stdout.write(`${file}: ${rows} rows of ${tables} tables restored\n${sessions}\n`);
    end();
    const owned = stack.move();
    return { graceMs: config.shutdownGraceMs, [Symbol.asyncDispose]: () => owned.disposeAsync() };
  },
});
