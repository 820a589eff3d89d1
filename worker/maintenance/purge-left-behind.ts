import type { EntityManager } from '@mikro-orm/postgresql';
import { countChanged } from '#shared/db/run-statement.ts';
import { join, raw, sql } from '#shared/db/sql.ts';
import { movieTables } from '#shared/movies/mirrored-columns.ts';
import { scopeRank } from '#shared/movies/movie.ts';
import { writeTransaction } from '#worker/store/write-transaction.ts';

/** How long a finished import is remembered, and what was counted for imports of a day. */
const importDays = 30;
/** A bare row that is younger may be about to be pointed at. */
const placeholderDays = 1;
/** Rows that one transaction takes: of imports each has up to 50,000 of its own. */
const placeholderBatch = 1000;
const importBatch = 10;

interface Options {
  em: EntityManager;
  now: Date;
  signal: AbortSignal;
}

/** Takes what is of no use to anybody any more: imports of long ago, and bare rows of movies that nobody points at. */
export async function purgeLeftBehind(options: Options): Promise<void> {
  await inBatches(options, importBatch, oldImports(options.now));
  await inBatches(options, placeholderBatch, oldBudgets(options.now));
  await inBatches(options, placeholderBatch, unnamedPlaceholders(options.now));
}

async function inBatches({ em, signal }: Options, size: number, statement: ReturnType<typeof sql>) {
  for (let taken = size; taken === size; ) {
    signal.throwIfAborted();
    taken = await writeTransaction(em, (on) => countChanged(on, statement));
  }
}

const daysBefore = (now: Date, days: number) => sql`${now}::timestamptz - ${days} * interval '1 day'`;

const oldImports = (now: Date) => sql`
  delete from user_imports where id in (
    select id from user_imports where status in ('succeeded', 'failed')
      and coalesce(finished_at, created_at) < ${daysBefore(now, importDays)}
    order by id limit ${importBatch} for update skip locked)`;

const oldBudgets = (now: Date) => sql`
  delete from user_import_budgets where (user_id, day) in (
    select user_id, day from user_import_budgets where day < (${daysBefore(now, importDays)})::date
    limit ${placeholderBatch})`;

/** What points at a movie as another one's relation. */
const relatedTo = sql`exists (select 1 from movie_relations r where r.related_movie_id = m.id)`;
const pointedAt = join(
  [
    ...Object.keys(movieTables).map(
      (table) => sql`exists (select 1 from ${raw(table)} t where t.movie_id = m.id)`,
    ),
    relatedTo,
  ],
  ' or ',
);

/** Not those of the daily export, which `details` is going to fill. */
const unnamedPlaceholders = (now: Date) => sql`
  delete from movies where id in (
    select m.id from movies m
    where m.state = 'unknown' and (m.scope is null or m.scope = ${scopeRank.trending})
      and m.created_at < ${daysBefore(now, placeholderDays)} and not (${pointedAt})
    order by m.tmdb_id limit ${placeholderBatch} for update skip locked)`;
