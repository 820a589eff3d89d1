import { ConfigError, readCommonConfig } from '#shared/config.ts';
import { createLog } from '#shared/log.ts';
import { openConfiguredDatabase } from '#shared/orm/database.ts';
import { runProgram } from '#shared/program.ts';
import { readArguments } from '#shared/read-arguments.ts';
import { writeBackup } from './backup/write-backup.ts';

const { positionals, values } = readArguments({
  usage: `Usage: npm run backup <file>   (-- --force <file> replaces one that is there)

Writes a backup of the database into a file, while the service runs.`,
  options: { force: { type: 'boolean', default: false } },
  positionals: 1,
});

/** Writes a backup of the database while the service runs. */
await runProgram({
  async open({ end, signal }) {
    const config = readCommonConfig(process.env);
    const [file] = positionals;
    if (file === undefined) throw new ConfigError('Usage: npm run backup <file>');
    const log = createLog({ level: 'warn', name: 'backup' });
    await using stack = new AsyncDisposableStack();
    const database = stack.use(await openConfiguredDatabase(config, log, { signal }));
    const { tables, rows, bytes } = await writeBackup({
      clientConfig: database.clientConfig,
      file,
      force: values.force,
      signal,
    });
    process.stdout.write(`${file}: ${rows} rows of ${tables} tables, ${Math.ceil(bytes / 1024)} KiB\n`);
    end();
    const owned = stack.move();
    return { graceMs: config.shutdownGraceMs, [Symbol.asyncDispose]: () => owned.disposeAsync() };
  },
});
