import { runStatement } from '#shared/db/run-statement.ts';
import { sql } from '#shared/db/sql.ts';
import { stampSlackMs } from '#shared/movies/freshness.ts';
import { scopeRank } from '#shared/movies/movie.ts';
import type { DiscoveredBy } from '#shared/sync/list-snapshot.ts';
import { ensureGenres } from '#worker/genres/sync-genres.ts';
import { loseRefused } from '#worker/movies/lose-refused.ts';
import { saveListedMovies } from '#worker/movies/save-listed-movies.ts';
import type { Handler, JobContext } from '#worker/runner/handler.ts';
import { isAboutOneCall } from '#worker/runner/retry.ts';
import { writeTogether } from '#worker/store/write-apart.ts';
import { notify, type Sql, writeTransaction } from '#worker/store/write-transaction.ts';
import type { ListedMovie } from '#worker/tmdb/wire/mirrored-movie.ts';

/** How many of a user's favorite genres and actors are fetched: the first ones. */
const maxGenres = 10;
const maxActors = 20;
/** A list that was fetched for any user is not fetched again for this long: its top changes slowly. */
const freshMs = 7 * 86_400_000;

/** The beginning of a TMDb list: `discover/genre/18`. */
interface List {
  name: string;
  by: DiscoveredBy;
  id: number;
}

/**
 * Takes in the best known movies of a user's favourite genres and actors, so that a small mirror has something to
 * recommend. One list at a time: the budget is for others. Safe to run twice: a list that was taken in is remembered.
 */
export const discoverPreferred: Handler<'preferences.discover'> = async ({ userId }, context) => {
  const tried: string[] = [];
  let failure: { error: unknown } | undefined;
  // Looked up anew each time: what is saved meanwhile finds this job under way, and has no other.
  while (tried.length < maxGenres + maxActors) {
    context.signal.throwIfAborted();
    const list = await readNextList(userId, tried, context);
    if (list === undefined) break;
    if (tried.length === 0) await ensureGenres(context);
    tried.push(list.name);
    try {
      await takeIn(list, context);
    } catch (error) {
      if (!isAboutOneCall(error)) throw error;
      context.counts.failed++;
      failure ??= { error };
    }
  }
  // Only now: a list that TMDb answers badly must not keep the others away.
  if (failure !== undefined) throw failure.error;
};

/** The user's first genre or actor whose list is not fresh; of a user who is gone, none. */
async function readNextList(
  userId: string,
  tried: string[],
  { em, now }: JobContext,
): Promise<List | undefined> {
  const rows = await runStatement(
    em.getKysely(),
    sql<List>`
      with preferred as (
        (select 'genre' as by, genre_id as id, position from user_genre_preferences
          where user_id = ${userId} order by position limit ${maxGenres})
        union all
        (select 'actor', person_id, position from user_actor_preferences
          where user_id = ${userId} order by position limit ${maxActors})
      ), lists as (select 'discover/' || by || '/' || id as name, by, id, position from preferred)
      select name, by, id from lists
      where name <> all(${tried}::text[]) and not exists (
        select 1 from list_snapshots s where s.name = lists.name
          and s.fetched_at > ${now()}::timestamptz - ${freshMs} * interval '1 millisecond'
          and s.fetched_at <= ${now()}::timestamptz + ${stampSlackMs} * interval '1 millisecond')
      order by position, by desc limit 1`,
  );
  return rows[0];
}

async function takeIn(list: List, context: JobContext): Promise<void> {
  const { em, now, counts } = context;
  const { first, second } = await read(list, context);
  // The best known are filled in; the rest can be recommended as the list has them.
  const best = new Set(first);
  const save = async (on: Sql, movies: readonly ListedMovie[]) => {
    const filled = movies.filter((movie) => best.has(movie));
    const others = movies.filter((movie) => !best.has(movie));
    const a = await saveListedMovies(on, filled, { scope: scopeRank.trending, now: now() });
    const b = await saveListedMovies(on, others, { scope: null, now: now() });
    const changed = [...a.changed, ...b.changed];
    return { changed, created: a.created + b.created, updated: a.updated + b.updated, seen: movies.length };
  };
  const saved = await writeTogether([...first, ...second], {
    write: (movies) =>
      writeTransaction(em, async (on) => {
        const listed = await save(on, movies);
        await remember(on, list, movies.length, now());
        await notify(on, { kind: 'movies', ids: listed.changed });
        return listed;
      }),
    tryOut: (part) => writeTransaction(em, (on) => save(on, part)),
    lose: loseRefused(context),
  });
  counts.seen += saved.seen;
  counts.created += saved.created;
  counts.updated += saved.updated;
  counts.unchanged += saved.seen - saved.created - saved.updated;
}

/** Two pages of 20. They may shift while they are read: an id counts where it stood first. */
async function read({ by, id }: List, { tmdb, signal, losses }: JobContext) {
  const { results: first, totalPages } = await tmdb.discover({ [by]: id }, 1, { signal, losses });
  const known = new Set(first.map((movie) => movie.tmdb_id));
  const { results } = totalPages > 1 ? await tmdb.discover({ [by]: id }, 2, { signal, losses }) : noResults;
  return { first, second: results.filter((movie) => !known.has(movie.tmdb_id)) };
}

const noResults: { results: ListedMovie[] } = { results: [] };

/** An empty list, too: a person nobody has cast is not asked about each time. */
async function remember(on: Sql, { name }: List, size: number, now: Date): Promise<void> {
  await runStatement(
    on,
    sql`
      insert into list_snapshots (name, size, fetched_at) values (${name}, ${size}, ${now})
      on conflict (name) do update set size = excluded.size, fetched_at = excluded.fetched_at`,
  );
}
