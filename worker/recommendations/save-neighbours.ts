import type { EntityManager } from '@mikro-orm/postgresql';
import { runStatement } from '#shared/db/run-statement.ts';
import { sql } from '#shared/db/sql.ts';
import { packNeighbours } from '#shared/recommendations/neighbour-list.ts';
import { notify, type Sql, writeTransaction } from '#worker/store/write-transaction.ts';
import type { ComputedNeighbours } from './compute-neighbours.ts';

const rowsPerInsert = 500;

/** Swaps all movies' neighbours in one transaction: readers see the old ones whole, then the new ones whole. */
export async function saveNeighbours(
  em: EntityManager,
  computed: ComputedNeighbours,
  signal: AbortSignal,
): Promise<void> {
  await writeTransaction(em, async (on) => {
    await runStatement(on, sql`delete from movie_neighbours`);
    for (let start = 0; start < computed.movieIds.length; start += rowsPerInsert) {
      signal.throwIfAborted();
      await insertRows(on, computed, start, Math.min(start + rowsPerInsert, computed.movieIds.length));
    }
    await notify(on, { kind: 'list', name: 'neighbours' });
  });
}

async function insertRows(on: Sql, computed: ComputedNeighbours, start: number, end: number) {
  const lists: Buffer[] = [];
  for (let row = start; row < end; row++) {
    const [from, to] = [computed.starts[row], computed.starts[row + 1]];
    lists.push(
      packNeighbours({
        movieIds: computed.neighbourIds.subarray(from, to),
        scores: computed.scores.subarray(from, to),
        baselines: computed.baselines.subarray(from, to),
      }),
    );
  }
  await runStatement(
    on,
    sql`
      insert into movie_neighbours (movie_id, users, weight, neighbours)
      select m.id, n.users, n.weight, n.neighbours
      from unnest(${[...computed.movieIds.subarray(start, end)]}::int[], ${[...computed.users.subarray(start, end)]}::int[],
        ${[...computed.weights.subarray(start, end)]}::real[], ${lists}::bytea[])
        as n(movie_id, users, weight, neighbours)
      join movies m on m.id = n.movie_id
      order by m.id`,
  );
}
