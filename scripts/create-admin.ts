import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import type { z } from 'zod';
import { ConfigError, readCommonConfig, readSecretFiles } from '#shared/config.ts';
import { type AdminCredentials, Email, Password } from '#shared/credentials.ts';
import { createLog } from '#shared/log.ts';
import { migrateDatabase, openConfiguredDatabase } from '#shared/orm/database.ts';
import { runProgram } from '#shared/program.ts';
import { readArguments } from '#shared/read-arguments.ts';
import { type AdminOutcome, ensureAdmin } from '#shared/users/ensure-admin.ts';
import { weaknessOf } from '#shared/weak-password.ts';

const usage = `Usage: npm run create-admin -- --email you@example.org
Without --email the address is ADMIN_EMAIL. The password is ADMIN_PASSWORD (or in the file ADMIN_PASSWORD_FILE);
without it, it is read from standard input.`;

const { values } = readArguments({ usage, options: { email: { type: 'string' } }, misuseExitCode: 1 });

const sentenceOf: Record<AdminOutcome, string> = {
  created: 'is an administrator now.',
  promoted:
    'is an administrator now. The account already existed: it has the new password now, and its sessions were ended.',
  'already an admin': 'is already an administrator. Nothing was changed, not even the password.',
};

/** Makes an administrator, whether or not the service runs. */
await runProgram({
  async open({ end, signal }) {
    const config = readCommonConfig(process.env);
    const admin = await readCredentials();
    const log = createLog({
      level: config.logLevel === 'info' ? 'warn' : config.logLevel,
      name: 'create-admin',
    });
    await using stack = new AsyncDisposableStack();
    const database = stack.use(await openConfiguredDatabase(config, log, { signal }));
    await migrateDatabase(database);
    const outcome = await ensureAdmin(database.pool, admin);
    process.stdout.write(`${admin.email} ${sentenceOf[outcome]}\n`);
    end();
    const owned = stack.move();
    return { graceMs: config.shutdownGraceMs, [Symbol.asyncDispose]: () => owned.disposeAsync() };
  },
});

async function readCredentials(): Promise<AdminCredentials> {
  const given = values.email ?? process.env.ADMIN_EMAIL;
  if (given === undefined || given === '') throw new ConfigError(`No email was given.\n${usage}`);
  const email = checked(Email, given, 'The email');
  const password = readSecretFiles(process.env).given.ADMIN_PASSWORD ?? (await readPassword(email));
  const weakness = weaknessOf(checked(Password, password, 'The password'), email);
  if (weakness !== undefined) throw new ConfigError(`The password ${weakness}.`);
  return { email, password };
}

function checked(schema: z.ZodType<string>, value: string, what: string): string {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new ConfigError(`${what} ${parsed.error.issues[0]?.message ?? 'is not valid'}.`);
  return parsed.data;
}

/** The first line of standard input; asked for, and not shown, where that is a terminal. */
async function readPassword(email: string): Promise<string> {
  const terminal = process.stdin.isTTY === true;
  if (terminal) process.stderr.write(`Password for ${email}: `);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: nowhere, terminal });
  try {
    for await (const line of lines) return line;
    return '';
  } finally {
    lines.close();
    if (terminal) process.stderr.write('\n');
  }
}
