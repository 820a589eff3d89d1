import { z } from 'zod';
import type { Database } from '#shared/orm/database.ts';
import type { ChildProgram } from '../child-program.ts';
import { endedChildrenMs, parentOf } from '../process-figures.ts';

const Usage = z.object({ user: z.number(), system: z.number() });

/** Processor time of the api and of PostgreSQL together, in milliseconds. */
export async function createCpuMeter(api: ChildProgram, { pool }: Database): Promise<() => Promise<number>> {
  const { rows } = await pool.query<{ pid: number }>('select pg_backend_pid() as pid');
  const postmaster = await parentOf(rows[0]?.pid ?? 0);
  const backends = async () => {
    const found = await pool.query<{ pid: number }>(
      `select pid from pg_stat_activity
        where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid()`,
    );
    return found.rows.map(({ pid }) => pid);
  };
  return async () => {
    const { user, system } = Usage.parse(await api.ask('cpu'));
    const living = await Promise.all((await backends()).map(exactCpuMs));
    // Workers of a parallel plan have ended by now: their time is their parent's.
    const ended = await endedChildrenMs(postmaster);
    return (user + system) / 1000 + living.reduce((sum, ms) => sum + ms, ended);
  };
}

/** Of a process with one thread, to the nanosecond; 0 if there is no such process (any more). */
async function exactCpuMs(pid: number): Promise<number> {
  const stat = await Bun.file(`/proc/${pid}/schedstat`)
    .text()
    .catch(() => '0');
  return Number(stat.split(' ')[0]) / 1e6;
}
