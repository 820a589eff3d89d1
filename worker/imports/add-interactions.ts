import { runStatement } from '#shared/db/run-statement.ts';
import { sql } from '#shared/db/sql.ts';
import type { ImportList } from '#shared/users/user-import.ts';
import type { Sql } from '#worker/store/write-transaction.ts';

export interface ImportOfUser {
  id: string;
  user_id: string;
  list: ImportList;
  created_at: Date;
}

/** From these points of ten on (four stars), and up to those (one and a half), a rating is an opinion. */
const likedFrom = 8;
const dislikedTo = 3;

/**
 * What matched rows say of their user: that something was watched or is to be, and, where they have an opinion, which.
 * What is there already stays as it is; of two opinions on a movie the later one stands.
 * @returns how many interactions the rows asked for, and how many of them were new
 */
export async function addInteractions(on: Sql, of: ImportOfUser, lines: readonly number[]) {
  if (lines.length === 0) return { asked: 0, added: 0 };
  const plain = of.list === 'likes' ? { asked: 0, added: 0 } : await addPlain(on, of, lines);
  const opinions = of.list === 'watchlist' ? { asked: 0, added: 0 } : await addOpinions(on, of, lines);
  return { asked: plain.asked + opinions.asked, added: plain.added + opinions.added };
}

async function addPlain(on: Sql, of: ImportOfUser, lines: readonly number[]) {
  const type = of.list === 'watchlist' ? 'bookmarked' : 'watched';
  const rows = await runStatement(
    on,
    sql`
      insert into user_movie_interactions (user_id, movie_id, interaction_type, created_at)
      select ${of.user_id}::uuid, m.id, ${type}, min(coalesce(r.at, ${of.created_at}::timestamptz))
      from user_import_rows r join movies m on m.tmdb_id = r.tmdb_id
      where r.import_id = ${of.id} and r.line = any(${lines}::int[])
      group by m.id order by m.id
      on conflict do nothing returning movie_id`,
  );
  return { asked: lines.length, added: rows.length };
}

async function addOpinions(on: Sql, of: ImportOfUser, lines: readonly number[]) {
  const opinion =
    of.list === 'likes'
      ? sql`'liked'`
      : sql`case when r.rating >= ${likedFrom} then 'liked' when r.rating <= ${dislikedTo} then 'disliked' end`;
  const rows = await runStatement(
    on,
    sql<{ asked: number; added: number }>`
      with opinions as materialized (
        select m.id as movie_id, r.line, ${opinion} as type, coalesce(r.at, ${of.created_at}::timestamptz) as at
        from user_import_rows r join movies m on m.tmdb_id = r.tmdb_id
        where r.import_id = ${of.id} and r.line = any(${lines}::int[]) and ${opinion} is not null
      ), written as (
        insert into user_movie_interactions as known (user_id, movie_id, interaction_type, created_at)
        select distinct on (movie_id) ${of.user_id}::uuid, movie_id, type, at
        from opinions order by movie_id, at desc, line desc
        on conflict (user_id, movie_id) where interaction_type in ('liked', 'disliked')
        do update set interaction_type = excluded.interaction_type, created_at = excluded.created_at
          where known.interaction_type <> excluded.interaction_type and known.created_at <= excluded.created_at
        returning 1
      )
      select (select count(*)::int from opinions) as asked, (select count(*)::int from written) as added`,
  );
  return rows[0] ?? { asked: 0, added: 0 };
}
