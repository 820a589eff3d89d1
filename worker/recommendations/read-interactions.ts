import { runStatement } from '#shared/db/run-statement.ts';
import { sql } from '#shared/db/sql.ts';
import { isAbsent } from '#shared/movies/is-absent.ts';
import type { Sql } from '#worker/store/write-transaction.ts';
import type { Interactions } from './interaction-matrix.ts';

/** Users that one statement reads. */
const usersPerRead = 500;
/** Of one user only the newest count, so that nobody outweighs everybody. */
const maxPerUser = 5000;
const worth = { liked: 1, watched: 0.5 };

interface UserRow {
  id: string;
  /** Our own ids, oldest first; below zero what was only watched. */
  movies: string | null;
}

/**
 * What all users liked, and what they watched without liking or disliking it, in the order of time. Read in small
 * statements, so that no snapshot is held for long.
 */
export async function readInteractions(on: Sql, signal: AbortSignal): Promise<Interactions> {
  const userStarts = [0];
  const columns = createColumns();
  for (let after = '00000000-0000-0000-0000-000000000000'; ; ) {
    signal.throwIfAborted();
    const rows = await readUsers(on, after);
    for (const { movies } of rows) {
      if (movies === null) continue;
      columns.add(movies);
      userStarts.push(columns.length());
    }
    const last = rows.at(-1);
    if (last === undefined) break;
    after = last.id;
  }
  return { userStarts: Int32Array.from(userStarts), ...columns.taken() };
}

async function readUsers(on: Sql, after: string): Promise<UserRow[]> {
  const rows = await runStatement(
    on,
    sql<UserRow>`
      select u.id, i.movies
      from (select id from users where id > ${after}::uuid order by id limit ${usersPerRead}) u
      cross join lateral (
        select string_agg((case when liked then movie_id else -movie_id end)::text, ',' order by at, movie_id) as movies
        from (
          select movie_id, max(created_at) as at, bool_or(interaction_type = 'liked') as liked
          from (
            select movie_id, interaction_type, created_at from user_movie_interactions
            where user_id = u.id order by created_at desc, movie_id limit ${maxPerUser}
          ) newest
          where interaction_type not in ('bookmarked', 'hidden')
            and not exists (select 1 from movies m where m.id = newest.movie_id and ${isAbsent('m')})
          group by movie_id having not bool_or(interaction_type = 'disliked')
        ) seen
      ) i
      order by u.id`,
  );
  return rows;
}

/** Two columns that grow without being copied as JavaScript numbers. */
function createColumns() {
  let movieIds = new Int32Array(1 << 16);
  let values = new Float32Array(1 << 16);
  let length = 0;
  const push = (tmdbId: number, value: number) => {
    if (length === movieIds.length) {
      const [ids, old] = [movieIds, values];
      movieIds = new Int32Array(length * 2);
      values = new Float32Array(length * 2);
      movieIds.set(ids);
      values.set(old);
    }
    movieIds[length] = tmdbId;
    values[length++] = value;
  };
  return {
    length: () => length,
    add(list: string) {
      for (const text of list.split(',')) {
        const id = Number(text);
        push(Math.abs(id), id > 0 ? worth.liked : worth.watched);
      }
    },
    taken: () => ({ movieIds: movieIds.slice(0, length), values: values.slice(0, length) }),
  };
}
