import { runStatement } from '#shared/db/run-statement.ts';
import { type Fragment, raw, sql } from '#shared/db/sql.ts';
import { shownBit } from '#shared/movies/movie-bits.ts';
import { genreTerm, leastWrittenTerm } from '#shared/movies/term-codes.ts';
import { thisHour } from '#worker/movies/save-terms.ts';
import type { Handler } from '#worker/runner/handler.ts';
import { type Sql, writeTransaction } from '#worker/store/write-transaction.ts';
import { collectMovieBits, setBit } from './collect-movie-bits.ts';
import { noteIds } from './note-ids.ts';

/** What fewer movies have is sooner looked up. */
const leastMovies = 500;
/** TMDb has nineteen: they are noted, however few movies have them. */
const mostGenres = 60;
/** Bits grow in such steps, so that rows of which nothing changed are as long as before. */
const reachStep = 65_536;
/** TMDb is far from it. Movies beyond are asked one by one. */
const mostReach = 2 ** 23;

/**
 * Sets the bits of the terms that many movies have, and of what their own rows say. In one transaction: all rows are equally long to whoever reads them.
 * Counts: `updated` terms whose movies have changed, `removed` ones that are not common any more.
 */
export const noteCommonTerms: Handler<'terms'> = async (_payload, { em, signal, counts, progress }) => {
  await writeTransaction(em, async (on) => {
    const [common, genres, reach] = [await readCommonTerms(on), await readGenres(on), await readReach(on)];
    const terms = [...common, ...genres];
    Object.assign(counts, { seen: terms.length, updated: 0 });
    const movies = new Map([
      ...(await readMovies(on, common, { from: termRows, reach, signal })),
      ...(await readMovies(on, genres, { from: genreRows, reach, signal })),
    ]);
    for (const [at, term] of terms.entries()) {
      signal.throwIfAborted();
      counts.updated += await saveBits(on, { term, reach, bits: bitsOf(movies.get(term) ?? [], reach) });
      progress((at + 1) / (terms.length + 1));
    }
    const columns = await collectMovieBits(on, reach, signal);
    for (const [term, bits] of columns) await saveBits(on, { term, reach, bits });
    const all = [...terms, ...columns.keys()];
    await runStatement(on, sql`delete from common_terms where not term = any(${all}::bigint[])`);
    await noteIds(on, { common, reach, signal });
    // What is written from now on may not be in them; what the transaction began with is. One row says it for all.
    await runStatement(
      on,
      sql`update common_terms set noted_hour = ${thisHour} where term = ${shownBit}::bigint and noted_hour <> ${thisHour}`,
    );
  });
};

/** By PostgreSQL's statistics, which name at most a thousand. */
async function readCommonTerms(on: Sql): Promise<number[]> {
  const rows = await runStatement(
    on,
    sql<{ term: number }>`
      select common.term::float8 as term
      from pg_stats, unnest(most_common_elems::text::bigint[], most_common_elem_freqs) as common(term, share)
      where schemaname = current_schema() and tablename = 'movie_terms' and attname = 'terms' and common.term < ${leastWrittenTerm}::bigint
        and share * (select reltuples from pg_class where oid = 'movie_terms'::regclass) >= ${leastMovies}::int
      order by 1`,
  );
  return rows.map(({ term }) => term);
}

async function readGenres(on: Sql): Promise<number[]> {
  const rows = await runStatement(
    on,
    sql<{ id: number }>`select id from genres order by id limit ${mostGenres}`,
  );
  return rows.map(({ id }) => genreTerm(id));
}

async function readReach(on: Sql): Promise<number> {
  const [row] = await runStatement(
    on,
    sql<{ last: number | null }>`select max(tmdb_id) as last from movies where tmdb_id < ${mostReach}::int`,
  );
  return Math.ceil(((row?.last ?? 0) + 1) / reachStep) * reachStep;
}

/** A table with rows of movies, and the terms that one of them, `t`, has. */
interface TermRows {
  table: 'movie_terms' | 'movie_genres';
  terms: Fragment;
}

const termRows: TermRows = { table: 'movie_terms', terms: sql`unnest(t.terms)` };
const genreRows: TermRows = {
  table: 'movie_genres',
  terms: sql`unnest(array[${genreTerm(0)}::bigint + t.genre_id])`,
};

/** Each movie is read once, whatever it has: term by term it would take eight times as long. */
async function readMovies(
  on: Sql,
  terms: readonly number[],
  { from, reach, signal }: { from: TermRows; reach: number; signal: AbortSignal },
): Promise<Map<number, Int32Array[]>> {
  const movies = new Map<number, Int32Array[]>(terms.map((term) => [term, []]));
  for (let after = '0'; ; ) {
    signal.throwIfAborted();
    const last = await readEnd(on, after, from);
    if (last === null) return movies;
    const rows = await runStatement(
      on,
      sql<{ term: number; ids: number[] }>`
        select term::float8, array_agg(m.tmdb_id) as ids
        from ${raw(from.table)} t join movies m on m.id = t.movie_id cross join ${from.terms} as term
        where t.movie_id > ${after}::bigint and t.movie_id <= ${last}::bigint and m.tmdb_id < ${reach}::int
          and term = any(${terms}::bigint[])
        group by term`,
    );
    for (const { term, ids } of rows) movies.get(term)?.push(Int32Array.from(ids));
    after = last;
  }
}

/** Few enough that whoever shares the process waits for some milliseconds only. */
const batch = 10_000;

async function readEnd(on: Sql, after: string, { table }: TermRows): Promise<string | null> {
  const [row] = await runStatement(
    on,
    sql<{ last: string | null }>`
      select max(movie_id)::text as last
      from (select movie_id from ${raw(table)} where movie_id > ${after}::bigint order by movie_id limit ${batch}) part`,
  );
  return row?.last ?? null;
}

function bitsOf(parts: readonly Int32Array[], reach: number): Buffer {
  const bits = Buffer.alloc(reach / 8);
  for (const ids of parts) for (const id of ids) setBit(bits, id);
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
      insert into common_terms as c (term, reach, movies, noted_hour)
      values (${term}, ${reach}, ${`x${bits.toString('hex')}`}::bit varying, ${thisHour})
      on conflict (term) do update set reach = excluded.reach, movies = excluded.movies where c.movies <> excluded.movies
      returning 1`,
  );
  return saved.length;
}
