import { runStatement } from '#shared/db/run-statement.ts';
import { sql } from '#shared/db/sql.ts';
import { scopeRank } from '#shared/movies/movie.ts';
import type { JobContext } from '#worker/runner/handler.ts';

/**
 * Whether the mirror has every movie that TMDb has, with its year: the daily export was read, and `details` has been
 * through all of it but what TMDb says it has not. Anything else is a part, in which a namesake may be missing.
 */
export async function mirrorIsComplete({ em, mirror }: Pick<JobContext, 'em' | 'mirror'>): Promise<boolean> {
  if (mirror.scope !== 'full') return false;
  const rows = await runStatement(
    em.getKysely(),
    sql<{ complete: boolean }>`
      select exists (select 1 from list_snapshots where name = 'export') and not exists (
        select 1 from movies m where m.scope <= ${scopeRank.full} and m.state in ('unknown', 'purged')
          and not exists (select 1 from movie_absences a where a.tmdb_id = m.tmdb_id)) as complete`,
  );
  return rows[0]?.complete ?? false;
}
