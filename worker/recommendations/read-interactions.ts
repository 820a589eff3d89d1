import { setImmediate } from 'node:timers/promises';
import { runStatement } from '#shared/db/run-statement.ts';
import { sql } from '#shared/db/sql.ts';
import { isAbsent } from '#shared/movies/is-absent.ts';
import type { Sql } from '#worker/store/write-transaction.ts';
import type { Interactions } from './interaction-matrix.ts';
import { keepUsersPart, readUsersPart } from './kept-run.ts';

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

interface ReadOptions {
  signal: AbortSignal;
  /** How much is read, 0…1. */
  progress: (done: number) => void;
}

/**
 * What all users liked, and what they watched without liking or disliking it, in the order of time. Read in small
 * statements, so that no snapshot is held for long. What each has read is kept: a run that goes on reads it there.
 */
export async function readInteractions(on: Sql, { signal, progress }: ReadOptions): Promise<Interactions> {
  const [count] = await runStatement(on, sql<{ users: number }>`select count(*)::int as users from users`);
  const absent = await readAbsent(on);
  const userStarts = [0];
  const parts: Int32Array[] = [];
  let length = 0;
  let after = '00000000-0000-0000-0000-000000000000';
  for (let part = 0, isEnd = false; !isEnd; part++) {
    signal.throwIfAborted();
    let data = await readUsersPart(on, part);
    if (data === undefined) {
      data = packUsers(await readUsers(on, after), absent);
      await keepUsersPart(on, part, data);
    }
    const { last, lengths, movies } = unpackUsers(data);
    parts.push(movies);
    for (const ofUser of lengths) {
      length += ofUser;
      userStarts.push(length);
    }
    isEnd = last === undefined;
    after = last ?? after;
    progress(Math.min(1, ((part + 1) * usersPerRead) / Math.max(1, count?.users ?? 0)));
  }
  return { userStarts: Int32Array.from(userStarts), ...(await join(parts)) };
}

const idLength = 36;

/** The last user's id (none after the last user), how many users did something, for each how many movies, and the movies. */
function packUsers(rows: readonly UserRow[], absent: ReadonlySet<number>): Buffer {
  const lists = rows
    .flatMap(({ movies }) => (movies === null ? [] : [movies.split(',').map(Number)]))
    .map((movies) => (absent.size === 0 ? movies : movies.filter((id) => !absent.has(Math.abs(id)))))
    .filter(({ length }) => length > 0);
  const numbers = Int32Array.from([lists.length, ...lists.map(({ length }) => length), ...lists.flat()]);
  const id = Buffer.from((rows.at(-1)?.id ?? '').padEnd(idLength));
  return Buffer.concat([id, new Uint8Array(numbers.buffer)]);
}

function unpackUsers(data: Buffer): { last: string | undefined; lengths: Int32Array; movies: Int32Array } {
  const last = data.toString('latin1', 0, idLength).trim();
  const numbers = new Int32Array(Uint8Array.from(data.subarray(idLength)).buffer);
  const users = numbers[0] ?? 0;
  return {
    last: last === '' ? undefined : last,
    lengths: numbers.subarray(1, 1 + users),
    movies: numbers.subarray(1 + users),
  };
}

/** Our own ids of the few movies that count nowhere. Looked up for each interaction, they took two thirds of the reading. */
async function readAbsent(on: Sql): Promise<Set<number>> {
  const rows = await runStatement(
    on,
    sql<{ id: number }>`
      select m.id::int from movie_absences a join movies m on m.tmdb_id = a.tmdb_id where ${isAbsent('m')}`,
  );
  return new Set(rows.map(({ id }) => id));
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
          group by movie_id having not bool_or(interaction_type = 'disliked')
        ) seen
      ) i
      order by u.id`,
  );
  return rows;
}

/**
 * One user after the other, part by part: many millions at once would hold up the event loop.
 * @param parts our own ids, those that were only watched below zero
 */
async function join(parts: readonly Int32Array[]): Promise<Pick<Interactions, 'movieIds' | 'values'>> {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const movieIds = new Int32Array(length);
  const values = new Float32Array(length);
  let at = 0;
  for (const part of parts) {
    for (let n = 0; n < part.length; n++) {
      const id = part[n] as number;
      movieIds[at] = Math.abs(id);
      values[at++] = id > 0 ? worth.liked : worth.watched;
    }
    await setImmediate();
  }
  return { movieIds, values };
}
