import type { EntityManager } from '@mikro-orm/postgresql';
import { runStatement } from '#shared/db/run-statement.ts';
import { sql } from '#shared/db/sql.ts';
import { type Sql, writeTransaction } from '#worker/store/write-transaction.ts';
import type { Stage, Work } from './work-keeper.ts';

/** What is older is not gone on with: the likes since then would wait too long. */
const longestKeptMs = 6 * 3_600_000;

/** A part of an array that has changed since it was kept last. */
export interface WorkPart {
  name: string;
  part: number;
  data: Uint8Array;
}

export interface Position {
  stage: Stage;
  next: number;
  /** How long each array is. A part of it that is nowhere is zero. */
  bytes: Record<string, number>;
}

/** How long a part of an array is. */
export const partBytes = 2 ** 20;

interface Run {
  /** What computes: another release, or other limits, begin anew. */
  version: string;
  begunAtMs: number;
  /** Who was there when it began. */
  users: string;
}

/** Counts and sums up the users of a moment: if one of them is deleted, it is another. */
async function fingerprintOf(on: Sql, atMs: number): Promise<string> {
  const rows = await runStatement(
    on,
    sql<{ users: string }>`
      select count(*) || '/' || coalesce(sum(hashtextextended(id::text, 0)), 0) as users
      from users where created_at <= ${new Date(atMs)}`,
  );
  return rows[0]?.users ?? '';
}

/**
 * Opens what a run that was ended has left, or begins anew: where there is nothing, it is too old, another program made
 * it, or one of its users is gone since. What users did since then counts in the next run.
 */
export async function openKeptRun(em: EntityManager, version: string, now: Date): Promise<void> {
  const on = em.getKysely();
  const run = await readJson<Run>(on, 'run');
  const ageMs = run === undefined ? 0 : now.getTime() - run.begunAtMs;
  const isGood =
    run?.version === version &&
    ageMs >= 0 &&
    ageMs < longestKeptMs &&
    run.users === (await fingerprintOf(on, run.begunAtMs));
  if (isGood) return;
  const begunAtMs = now.getTime();
  const begun: Run = { version, begunAtMs, users: await fingerprintOf(on, begunAtMs) };
  await writeTransaction(em, async (tx) => {
    await forgetRun(tx);
    await write(tx, [{ name: 'run', part: 0, data: Buffer.from(JSON.stringify(begun)) }]);
  });
}

/** With the end of the run. */
export async function forgetRun(on: Sql): Promise<void> {
  await runStatement(on, sql`truncate neighbour_work`);
}

/** What was read of the users, in its order; undefined after the last part that is kept. */
export async function readUsersPart(on: Sql, part: number): Promise<Buffer | undefined> {
  return (await readPart(on, 'users', part))?.data;
}

export const keepUsersPart = (on: Sql, part: number, data: Buffer): Promise<void> =>
  write(on, [{ name: 'users', part, data }]);

/** Parts and position belong together: both are kept, or none. */
export async function keepWork(
  em: EntityManager,
  parts: readonly WorkPart[],
  position: Position,
): Promise<void> {
  await writeTransaction(em, async (on) => {
    await write(on, parts);
    // That stage is done, and its lists are all that is needed of it.
    if (position.stage === 'transitions')
      await runStatement(on, sql`delete from neighbour_work where name = 'neighbours.inverse'`);
    await write(on, [{ name: 'position', part: 0, data: Buffer.from(JSON.stringify(position)) }]);
  });
}

export async function readWork(on: Sql): Promise<Work | undefined> {
  const position = await readJson<Position>(on, 'position');
  if (position === undefined) return undefined;
  const { stage, next, bytes } = position;
  const arrays = new Map(Object.entries(bytes).map(([name, length]) => [name, new Uint8Array(length)]));
  for (const [name, array] of arrays)
    for (let part = 0; part * partBytes < array.length; part++)
      array.set((await readPart(on, name, part))?.data ?? [], part * partBytes);
  return { stage, next, arrays };
}

async function readPart(on: Sql, name: string, part: number): Promise<{ data: Buffer } | undefined> {
  const [row] = await runStatement(
    on,
    sql<{ data: Buffer }>`select data from neighbour_work where name = ${name} and part = ${part}`,
  );
  return row;
}

async function readJson<T>(on: Sql, name: string): Promise<T | undefined> {
  const row = await readPart(on, name, 0);
  return row === undefined ? undefined : JSON.parse(row.data.toString());
}

async function write(on: Sql, parts: readonly WorkPart[]): Promise<void> {
  for (const { name, part, data } of parts)
    await runStatement(
      on,
      sql`
        insert into neighbour_work (name, part, data) values (${name}, ${part}, ${Buffer.from(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength)})
        on conflict (name, part) do update set data = excluded.data`,
    );
}
