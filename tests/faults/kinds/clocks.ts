import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isReady } from '#tests/support/is-ready.ts';
import { until } from '#tests/support/until.ts';
import type { Fault } from '../fault.ts';
import type { Installation, ProgramName, Topology } from '../installation.ts';

const apart: readonly Topology[] = ['postgres', 'redis'];
const lastsMs = 20_000;
const hour = 3600;
const day = 24 * hour;

/** What `libfaketime` (Debian: `faketime`) gives a process in the place of the machine's clock. */
const library = ['/usr/lib', `/usr/lib/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu`]
  .map((folder) => join(folder, 'faketime/libfaketime.so.1'))
  .find((path) => existsSync(path));
if (library === undefined && process.env.REQUIRE_FAKETIME === '1')
  throw new Error('NO faketime ON THIS MACHINE, and REQUIRE_FAKETIME=1 forbids that');
if (library === undefined)
  process.stderr.write('\n*** NO faketime ON THIS MACHINE: NO CLOCK IS PUT WRONG ***\n\n');

const clockOf = ({ folder }: Installation, name: ProgramName) => join(folder, `clock-${name}`);
/** Read again every second: the clock jumps while the process runs. */
const setClock = (on: Installation, name: ProgramName, seconds: number) =>
  writeFile(clockOf(on, name), `${seconds < 0 ? '' : '+'}${seconds}\n`);

/** Starts it under a clock that can be put wrong, unless it has one. */
async function giveClock(on: Installation, name: ProgramName): Promise<void> {
  await setClock(on, name, 0);
  on.program(name).kill('SIGTERM');
  await on.program(name).exited;
  const endedAt = Date.now() / 1000;
  on.startAgain(name, {
    LD_PRELOAD: library,
    FAKETIME_TIMESTAMP_FILE: clockOf(on, name),
    FAKETIME_CACHE_DURATION: '1',
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
  });
  if (name !== 'worker') return until(() => isReady(on.url), 60_000);
  const isSeen = 'select from worker_processes where seen_at > to_timestamp($1)';
  await until(async () => (await on.rows(isSeen, endedAt)).length > 0, 30_000);
}

/** Nothing that was written meanwhile may lie in the future: it would be believed for as long. */
async function findStampsAhead(on: Installation): Promise<string[]> {
  const columns = await on.rows<{ table_name: string; column_name: string }>(
    `select table_name, column_name from information_schema.columns
     where table_schema = 'public' and data_type = 'timestamp with time zone' and column_name = any($1::text[])`,
    [
      'created_at',
      'updated_at',
      'fetched_at',
      'attempted_at',
      'seen_at',
      'queued_at',
      'started_at',
      'finished_at',
    ],
  );
  const found: string[] = [];
  for (const { table_name: table, column_name: column } of columns) {
    const ahead = await on.rows(
      `select from "${table}" where "${column}" > now() + interval '1 minute' limit 1`,
    );
    if (ahead.length > 0) found.push(`${table}.${column}`);
  }
  return found;
}

const clockFault = (
  words: string,
  topologies: readonly Topology[],
  clocks: Partial<Record<ProgramName, number>>,
): Fault => {
  const names = Object.keys(clocks) as ProgramName[];
  const setAll = (on: Installation, to: (name: ProgramName) => number) =>
    Promise.all(names.map((name) => setClock(on, name, to(name))));
  return {
    name: words,
    topologies,
    lastsMs,
    prepare: async (on) => {
      for (const name of names) await giveClock(on, name);
    },
    inject: (on) => setAll(on, (name) => clocks[name] ?? 0),
    async heal(on) {
      await setAll(on, () => 0);
      const ahead = await findStampsAhead(on);
      if (ahead.length > 0) throw new Error(`in the future: ${ahead.join(', ')}`);
    },
  };
};

const faults: readonly Fault[] = [
  clockFault('the clock of the worker an hour ahead', apart, { worker: hour }),
  clockFault('the clock of the worker an hour behind', apart, { worker: -hour }),
  {
    ...clockFault('the clock of the worker put back by five minutes', apart, { worker: -300 }),
    short: ['postgres'],
  },
  clockFault('the clock of the api an hour ahead', apart, { api: hour }),
  clockFault('the clock of the api an hour behind', apart, { api: -hour }),
  clockFault('the clocks of api and worker two hours apart', apart, { api: hour, worker: -hour }),
  clockFault('the clock of the worker 200 days ahead', apart, { worker: 200 * day }),
  clockFault('the clock of the api 200 days ahead', apart, { api: 200 * day }),
  clockFault('the clock of start 200 days ahead', ['start'], { start: 200 * day }),
  clockFault('the clock of start an hour behind', ['start'], { start: -hour }),
];

export const clockFaults: readonly Fault[] = library === undefined ? [] : faults;
