import type { EntityManager } from '@mikro-orm/postgresql';
import { runStatement } from '#shared/db/run-statement.ts';
import { sql } from '#shared/db/sql.ts';
import { scopeRank } from '#shared/movies/movie.ts';
import { writeTransaction } from '#worker/store/write-transaction.ts';

/** What nobody named or read for so long is no longer kept fresh for them. */
const unusedDays = 90;
/** A movie that is in use is noted again after so long: a day would be a write for each movie and day. */
const noteAgainDays = 7;

/**
 * Takes movies out of scope 1 that nobody named or read for 90 days. They stay as they are, until they are read again
 * or too old; lists that name them take them in as before.
 */
export async function letUnusedGo(em: EntityManager, now: Date): Promise<void> {
  const today = sql`(${now}::timestamptz at time zone 'UTC')::date`;
  const isScopeOne = sql`m.scope = ${scopeRank.trending}`;
  const isNamed = sql`(exists (select 1 from trending_entries t where t.movie_id = m.id)
    or exists (select 1 from list_entries l where l.movie_id = m.id)
    or exists (select 1 from user_movie_interactions i where i.movie_id = m.id)
    or exists (select 1 from user_movie_preferences p where p.movie_id = m.id)
    or exists (select 1 from user_movie_ratings r where r.movie_id = m.id))`;
  const statements = [
    sql`
      insert into movie_uses (tmdb_id, used_on) select m.tmdb_id, ${today} from movies m where ${isScopeOne}
      order by m.tmdb_id on conflict do nothing`,
    sql`
      update movie_uses u set used_on = ${today} from movies m
      where m.tmdb_id = u.tmdb_id and u.used_on < ${today} - ${noteAgainDays}::int and ${isNamed}`,
    sql`
      with unused as (delete from movie_uses where used_on < ${today} - ${unusedDays}::int returning tmdb_id)
      update movies m set scope = null from unused where m.tmdb_id = unused.tmdb_id and ${isScopeOne}`,
  ];
  for (const statement of statements) await writeTransaction(em, (on) => runStatement(on, statement));
}
