import { z } from 'zod';
import type { Database } from '#shared/orm/database.ts';
import type { ChildProgram } from '../child-program.ts';
import { endedChildrenMs, parentOf, threadCpuMs } from '../process-figures.ts';

const Usage = z.object({ user: z.number(), system: z.number() });

/** Processor time of the api and of PostgreSQL together, in milliseconds. */
export async function createCpuMeter(api: ChildProgram, database: Database): Promise<() => Promise<number>> {
  const ofPostgres = await createPostgresMeter(database);
  return async () => {
    const { user, system } = Usage.parse(await api.ask('cpu'));
    return (user + system) / 1000 + (await ofPostgres());
  };
}

/** Of what PostgreSQL does for clients of this database alone. */
export async function createPostgresMeter({ pool }: Pick<Database, 'pool'>): Promise<() => Promise<number>> {
  const { rows } = await pool.query<{ pid: number }>('select pg_backend_pid() as pid');
  const postmaster = await parentOf(rows[0]?.pid ?? 0);
  return async () => {
    const found = await pool.query<{ pid: number }>(
      `select pid from pg_stat_activity
        where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid()`,
    );
    const living = await Promise.all(found.rows.map(({ pid }) => threadCpuMs(pid)));
    // Connections that are closed have ended by now, and so have workers of a parallel plan: their time is their parent's.
    const ended = await endedChildrenMs(postmaster);
    return living.reduce((sum, ms) => sum + ms, ended);
  };
}
