import { parseArgs } from 'node:util';
import { z } from 'zod';
import { fewestMovies, mostMovies } from './generated-catalogue.ts';
import { type SandboxOptions, startSandbox } from './server.ts';

const Settings = z.object({
  port: z.coerce.number().int().min(0).max(65_535).default(0),
  movies: z.coerce.number().int().min(fewestMovies).max(mostMovies).default(2_000),
  seed: z.coerce.number().int().min(0).max(0x7fffffff).default(1),
  'max-rps': z.coerce.number().positive().optional(),
  'real-data': z.string().min(1).optional(),
});

const flags = {
  port: { type: 'string' },
  movies: { type: 'string' },
  seed: { type: 'string' },
  'max-rps': { type: 'string' },
  'real-data': { type: 'string' },
  'exit-with-parent': { type: 'boolean' },
  closed: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

const usage = `Usage: npm run sandbox -- [--port n] [--movies n] [--seed n] [--max-rps n] [--real-data folder]
                              [--closed]

Starts a stand-in for TMDb on this machine, and prints its addresses. Its key is nexus-sandbox-key. Every program on this
machine may watch and disturb it, under /__sandbox, unless it is --closed.`;

function refuseToStart(message: string): never {
  console.error(`sandbox: ${message}`);
  process.exit(2);
}

function readFlags() {
  try {
    const { values } = parseArgs({ options: flags, allowPositionals: false });
    if (values.help) {
      console.log(usage);
      process.exit(0);
    }
    return values;
  } catch (error) {
    return refuseToStart(`${error instanceof Error ? error.message : error} (--help lists the options)`);
  }
}

/** Flags go before the environment; an empty variable counts as unset. */
function readSettings(): { options: SandboxOptions; exitWithParent: boolean } {
  const { env } = process;
  const { 'exit-with-parent': exitWithParent = false, closed = false, ...given } = readFlags();
  const parsed = Settings.safeParse({
    port: given.port ?? (env.SANDBOX_PORT || undefined),
    movies: given.movies ?? (env.SANDBOX_MOVIES || undefined),
    seed: given.seed ?? (env.SANDBOX_SEED || undefined),
    'max-rps': given['max-rps'] ?? (env.SANDBOX_MAX_RPS || undefined),
    'real-data': given['real-data'] ?? (env.NEXUS_REAL_DATA || undefined),
  });
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    return refuseToStart(faults.join('; '));
  }
  const { 'max-rps': maxRps, 'real-data': realData, ...rest } = parsed.data;
  const options = {
    ...rest,
    isControlled: !closed,
    maxRps: maxRps ?? null,
    ...(realData === undefined ? {} : { realData }),
  };
  return { options, exitWithParent };
}

const { options, exitWithParent } = readSettings();
const sandbox = await startSandbox(options).catch((error: unknown) =>
  refuseToStart(error instanceof Error ? error.message : String(error)),
);
const { url, exportUrl, imageUrl, identity } = sandbox;
console.log(JSON.stringify({ sandbox: { url, exportUrl, imageUrl, identity, pid: process.pid } }));

async function stop(): Promise<void> {
  await sandbox.stop();
  process.exit(0);
}
if (exitWithParent) {
  // The pipe from the parent closes however the parent ends, even by kill -9. A Ctrl-C reaches both of us: it is the
  // parent's to decide when its TMDb goes.
  process.on('SIGTERM', () => {});
  process.on('SIGINT', () => {});
  process.stdin.once('end', stop).once('close', stop).resume();
} else {
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}
