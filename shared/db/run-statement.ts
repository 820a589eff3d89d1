import { CompiledQuery, type QueryExecutorProvider } from 'kysely';
import type { ClientBase, Pool } from 'pg';
import { BinaryRead, type ReadCallback } from './binary-read.ts';
import { isUndoneForOthers } from './is-lost-to-another-writer.ts';
import { withName } from './named-values.ts';
import { readAtOnce } from './read-at-once.ts';
import type { Statement } from './sql.ts';

/** What an EntityManager's `getKysely()` gives: it joins the transaction around it. */
export type Transaction = QueryExecutorProvider & { readonly isTransaction: boolean };

/** What a statement runs on. */
export type Runner = Pool | ClientBase | Transaction;

interface RunOptions {
  /** How long a pool or a connection waits for the answer; a transaction has its own limit. */
  timeoutMs?: number;
}

/** Each time one at least of those who meet gets through. */
const maxTries = 4;

/** @returns the rows of the answer */
export async function runStatement<Row>(
  on: Runner,
  statement: Statement<Row>,
  options?: RunOptions,
): Promise<Row[]> {
  return (await run(on, statement, options)).rows as Row[];
}

/** @returns how many rows it inserted, updated or deleted */
export async function countChanged(on: Runner, statement: Statement): Promise<number> {
  return (await run(on, statement)).changed;
}

/** @returns the rows of the answer, with fields of the types that `BinaryRead` reads */
export function readInBinary<Row>(pool: Pool, statement: Statement<Row>, timeoutMs: number): Promise<Row[]> {
  return new Promise((resolve, reject) => {
    const ask = (tries: number) => {
      const read = new BinaryRead(statement, timeoutMs);
      const answered: ReadCallback = (error, rows) => {
        if (rows !== undefined) resolve(rows as Row[]);
        else if (tries >= maxTries || !isUndoneForOthers(error)) reject(error);
        else ask(tries + 1);
      };
      read.callback = answered;
      if (readAtOnce(pool, read)) return;
      read.callback = undefined;
      (pool as unknown as ReadingPool).query(read, undefined, answered);
    };
    ask(1);
  });
}

/** A pool as `BinaryRead` needs it: its types know only what they return. */
interface ReadingPool {
  query(read: BinaryRead, values: undefined, callback: ReadCallback): void;
}

async function run(on: Runner, statement: Statement, options?: RunOptions) {
  for (let tries = 1; ; tries++) {
    try {
      return await runOnce(on, statement, options);
    } catch (error) {
      if (tries >= maxTries || !isAlone(on) || !isUndoneForOthers(error)) throw error;
    }
  }
}

/** Alone, a statement is a transaction of its own, and can be run again. A client may be within another one. */
const isAlone = (on: Runner): boolean => ('isTransaction' in on ? !on.isTransaction : 'totalCount' in on);

async function runOnce(on: Runner, { name, text, values }: Statement, { timeoutMs }: RunOptions = {}) {
  if ('getExecutor' in on) {
    const { rows, numAffectedRows } = await on
      .getExecutor()
      .executeQuery(CompiledQuery.raw(text, withName(values, name)));
    return { rows, changed: Number(numAffectedRows ?? 0) };
  }
  const query = {
    ...(name === undefined ? {} : { name }),
    ...(timeoutMs === undefined ? {} : { query_timeout: timeoutMs }),
    text,
    values: values as unknown[],
  };
  const { rows, rowCount } = await on.query(query);
  return { rows, changed: rowCount ?? 0 };
}
