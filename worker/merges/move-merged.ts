import type { EntityManager } from '@mikro-orm/postgresql';
import { runStatement } from '#shared/db/run-statement.ts';
import { raw, sql } from '#shared/db/sql.ts';
import { scopeRank } from '#shared/movies/movie.ts';
import { placeholderStatement } from '#shared/movies/placeholder-statement.ts';
import type { Handler } from '#worker/runner/handler.ts';
import { notify, type Sql, writeTransaction } from '#worker/store/write-transaction.ts';

/** Users whose rows one transaction moves. */
const batchSize = 500;
const personalTables = ['user_movie_interactions', 'user_movie_preferences', 'user_movie_ratings'] as const;

/** Moves what users saved of one merged movie. Safe to run twice. */
export const moveMerged: Handler<'movies.merge'> = ({ tmdbId }, { em, signal }) =>
  moveMovie(em, tmdbId, signal);

/** Goes on with confirmed merges whose job was lost, and takes along what was saved under an old id since. */
export async function moveAllMerged(em: EntityManager, signal: AbortSignal): Promise<void> {
  const rows = await runStatement(
    em.getKysely(),
    sql<{ tmdb_id: number }>`
    select g.tmdb_id from movie_merges g join movies m on m.tmdb_id = g.tmdb_id and m.state = 'gone'
    where g.state = 'confirmed' or (g.state = 'moved' and (
      exists (select 1 from user_movie_interactions where movie_id = m.id)
      or exists (select 1 from user_movie_preferences where movie_id = m.id)
      or exists (select 1 from user_movie_ratings where movie_id = m.id)))
    order by g.tmdb_id`,
  );
  for (const { tmdb_id } of rows) await moveMovie(em, tmdb_id, signal);
}

async function moveMovie(em: EntityManager, tmdbId: number, signal: AbortSignal): Promise<void> {
  const ends = await writeTransaction(em, (on) => findEnds(on, tmdbId));
  if (ends === undefined) return;
  for (let moved = batchSize; moved === batchSize; ) {
    signal.throwIfAborted();
    moved = await writeTransaction(em, (on) => moveUsers(on, ends));
  }
  await writeTransaction(em, async (on) => {
    await runStatement(
      on,
      sql`update user_import_rows set tmdb_id = ${ends.intoTmdbId} where tmdb_id = ${tmdbId}`,
    );
    await runStatement(on, sql`update movie_merges set state = 'moved' where tmdb_id = ${tmdbId}`);
    await notify(on, { kind: 'movies', ids: [tmdbId, ends.intoTmdbId] });
  });
}

interface Ends {
  from: string;
  into: string;
  intoTmdbId: number;
}

async function findEnds(on: Sql, tmdbId: number): Promise<Ends | undefined> {
  const rows = await runStatement(
    on,
    sql<{ into_tmdb_id: number }>`
    select into_tmdb_id from movie_merges where tmdb_id = ${tmdbId} and state in ('confirmed', 'moved')`,
  );
  const intoTmdbId = rows[0]?.into_tmdb_id;
  if (intoTmdbId === undefined) return undefined;
  await runStatement(on, placeholderStatement({ tmdbIds: [intoTmdbId] }));
  await runStatement(
    on,
    sql`update movies set scope = ${scopeRank.trending}::smallint where tmdb_id = ${intoTmdbId} and state <> 'gone'`,
  );
  const ids = await runStatement(
    on,
    sql<{ id: string; tmdb_id: number }>`
    select id, tmdb_id from movies where tmdb_id in (${tmdbId}, ${intoTmdbId})`,
  );
  const idOf = (wanted: number) => ids.find((row) => row.tmdb_id === wanted)?.id;
  const [from, into] = [idOf(tmdbId), idOf(intoTmdbId)];
  return from === undefined || into === undefined ? undefined : { from, into, intoTmdbId };
}

/** @returns how many users it was */
async function moveUsers(on: Sql, { from, into }: Ends): Promise<number> {
  const users = await runStatement(
    on,
    sql<{ id: string }>`
    select id from users where id in (
      select user_id from user_movie_interactions where movie_id = ${from}
      union select user_id from user_movie_preferences where movie_id = ${from}
      union select user_id from user_movie_ratings where movie_id = ${from})
    order by id limit ${batchSize} for update`,
  );
  const ids = users.map((user) => user.id);
  if (ids.length === 0) return 0;
  await dropDoubles(on, { from, into, ids });
  for (const table of personalTables)
    await runStatement(
      on,
      sql`update ${raw(table)} set movie_id = ${into} where movie_id = ${from} and user_id = any(${ids}::uuid[])`,
    );
  return ids.length;
}

/** Of two opinions and of two ratings the later one stays, and one without a day is older than all. */
async function dropDoubles(on: Sql, { from, into, ids }: { from: string; into: string; ids: string[] }) {
  const opinion = (row: string) => sql`${raw(row)}.interaction_type in ('liked', 'disliked')`;
  const drop = (table: string, movies: [gone: string, kept: string], and: ReturnType<typeof sql>) =>
    runStatement(
      on,
      sql`
      delete from ${raw(table)} a using ${raw(table)} b
      where a.movie_id = ${movies[0]} and b.movie_id = ${movies[1]} and a.user_id = b.user_id
        and a.user_id = any(${ids}::uuid[]) and ${and}`,
    );
  const bothOpinions = sql`${opinion('a')} and ${opinion('b')}`;
  const interactions = 'user_movie_interactions';
  const isEarlier = (at: string, or = '') =>
    sql`(a.is_dated, a.${raw(at)}) ${raw(`<${or}`)} (b.is_dated, b.${raw(at)})`;
  await drop(interactions, [from, into], sql`${bothOpinions} and ${isEarlier('created_at', '=')}`);
  await drop(interactions, [into, from], sql`${bothOpinions} and ${isEarlier('created_at')}`);
  await drop(interactions, [from, into], sql`a.interaction_type = b.interaction_type`);
  await drop('user_movie_preferences', [from, into], sql`true`);
  await drop('user_movie_ratings', [from, into], isEarlier('rated_at', '='));
  await drop('user_movie_ratings', [into, from], isEarlier('rated_at'));
}
