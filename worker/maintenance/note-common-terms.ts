import { runStatement } from '#shared/db/run-statement.ts';
import { sql } from '#shared/db/sql.ts';
import type { Handler } from '#worker/runner/handler.ts';
import { type Sql, writeTransaction } from '#worker/store/write-transaction.ts';

/** What fewer movies have is sooner looked up. */
const leastMovies = 1000;
/** Bits grow in such steps, so that rows of which nothing changed are as long as before. */
const reachStep = 65_536;
/** TMDb is far from it. Movies beyond are asked one by one. */
const mostReach = 2 ** 23;

/**
 * Sets the bits of the terms that many movies have. In one transaction: all rows are equally long to whoever reads them.
 * Counts: `updated` terms whose movies have changed, `removed` ones that are not common any more.
 */
export const noteCommonTerms: Handler<'terms'> = async (_payload, { em, signal, counts, progress }) => {
  await writeTransaction(em, async (on) => {
    const [terms, reach] = [await readCommonTerms(on), await readReach(on)];
    Object.assign(counts, { seen: terms.length, updated: 0 });
    for (const [at, term] of terms.entries()) {
      signal.throwIfAborted();
      const ids = await readMovies(on, term, reach);
      counts.updated += await saveBits(on, { term, reach, bits: bitsOf(ids, reach) });
      progress((at + 1) / terms.length);
    }
    await runStatement(on, sql`delete from common_terms where not term = any(${terms}::bigint[])`);
  });
};

/** By PostgreSQL's statistics, which name at most a thousand. */
async function readCommonTerms(on: Sql): Promise<number[]> {
  const rows = await runStatement(
    on,
    sql<{ term: number }>`
      select common.term::float8 as term
      from pg_stats, unnest(most_common_elems::text::bigint[], most_common_elem_freqs) as common(term, share)
      where schemaname = current_schema() and tablename = 'movie_terms' and attname = 'terms' and common.term is not null
        and share * (select reltuples from pg_class where oid = 'movie_terms'::regclass) >= ${leastMovies}::int
      order by 1`,
  );
  return rows.map(({ term }) => term);
}

async function readReach(on: Sql): Promise<number> {
  const [row] = await runStatement(
    on,
    sql<{ last: number | null }>`select max(tmdb_id) as last from movies where tmdb_id < ${mostReach}::int`,
  );
  return Math.ceil(((row?.last ?? 0) + 1) / reachStep) * reachStep;
}

async function readMovies(on: Sql, term: number, reach: number): Promise<number[]> {
  const [row] = await runStatement(
    on,
    sql<{ ids: number[] }>`select array(
        select m.tmdb_id from movie_terms t join movies m on m.id = t.movie_id
        where t.terms @> ${[term]}::bigint[] and m.tmdb_id < ${reach}::int
      ) as ids`,
  );
  return row?.ids ?? [];
}

/** The first bit of a byte is its highest. */
function bitsOf(ids: readonly number[], reach: number): Buffer {
  const bits = Buffer.alloc(reach / 8);
  for (const id of ids) bits[id >> 3] = (bits[id >> 3] ?? 0) | (0x80 >> (id & 7));
  return bits;
}

/** @returns 1 where they are others than before */
async function saveBits(
  on: Sql,
  { term, reach, bits }: { term: number; reach: number; bits: Buffer },
): Promise<number> {
  const saved = await runStatement(
    on,
    sql`
      insert into common_terms as c (term, reach, movies) values (${term}, ${reach}, ${`x${bits.toString('hex')}`}::bit varying)
      on conflict (term) do update set reach = excluded.reach, movies = excluded.movies where c.movies <> excluded.movies
      returning 1`,
  );
  return saved.length;
}
