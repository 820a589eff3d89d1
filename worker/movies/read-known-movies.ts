import type { Pool } from 'pg';
import { runStatement } from '#shared/db/run-statement.ts';
import { sql } from '#shared/db/sql.ts';

/** The most popular movies whose details are mirrored: if TMDb had none of them, it would be TMDb that is wrong. */
export async function readKnownMovies(pool: Pool): Promise<number[]> {
  const rows = await runStatement(
    pool,
    sql<{ tmdb_id: number }>`
      select tmdb_id from movies where state = 'detailed'
      order by popularity desc nulls last, tmdb_id limit 5`,
  );
  return rows.map((row) => row.tmdb_id);
}
