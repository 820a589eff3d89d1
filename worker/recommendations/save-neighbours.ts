import type { EntityManager } from '@mikro-orm/postgresql';
import { runStatement } from '#shared/db/run-statement.ts';
import { sql } from '#shared/db/sql.ts';
import { packNeighbours } from '#shared/recommendations/neighbour-list.ts';
import { notify, type Sql, writeTransaction } from '#worker/store/write-transaction.ts';
import type { ComputedLists } from './collect-lists.ts';
import type { ComputedNeighbours } from './compute-neighbours.ts';
import { forgetRun } from './kept-run.ts';

const rowsPerInsert = 500;

/** Swaps all movies' neighbours in one transaction: readers see the old ones whole, then the new ones whole. */
export async function saveNeighbours(
  em: EntityManager,
  computed: ComputedNeighbours,
  { signal, progress }: { signal: AbortSignal; progress: (done: number) => void },
): Promise<void> {
  await writeTransaction(em, async (on) => {
    await runStatement(on, sql`delete from movie_neighbours`);
    for (let start = 0; start < computed.movieIds.length; start += rowsPerInsert) {
      signal.throwIfAborted();
      await insertRows(on, computed, start, Math.min(start + rowsPerInsert, computed.movieIds.length));
      progress(start / computed.movieIds.length);
    }
    await forgetRun(on);
    await notify(on, { kind: 'list', name: 'neighbours' });
  });
}

async function insertRows(on: Sql, computed: ComputedNeighbours, start: number, end: number) {
  const { movieIds, users, weights, neighbours, transitions } = computed;
  const packed = (lists: ComputedLists) =>
    Array.from({ length: end - start }, (_, n) => packOf(lists, start + n));
  await runStatement(
    on,
    sql`
      insert into movie_neighbours (movie_id, users, weight, neighbours, transitions)
      select m.id, n.users, n.weight, n.neighbours, n.transitions
      from unnest(${[...movieIds.subarray(start, end)]}::int[], ${[...users.subarray(start, end)]}::int[],
        ${[...weights.subarray(start, end)]}::real[], ${packed(neighbours)}::bytea[], ${packed(transitions)}::bytea[])
        as n(movie_id, users, weight, neighbours, transitions)
      join movies m on m.id = n.movie_id
      order by m.id`,
  );
}

function packOf({ starts, movieIds, scores, baselines }: ComputedLists, row: number): Buffer {
  const [from, to] = [starts[row], starts[row + 1]];
  return packNeighbours({
    movieIds: movieIds.subarray(from, to),
    scores: scores.subarray(from, to),
    baselines: baselines.subarray(from, to),
  });
}
