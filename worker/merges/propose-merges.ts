import { runStatement } from '#shared/db/run-statement.ts';
import { sql } from '#shared/db/sql.ts';
import { codeOf } from '#shared/errors.ts';
import type { MergeState } from '#shared/movies/movie-merge.ts';
import { foldTitle } from '#worker/imports/fold-title.ts';
import { saveListedMovies } from '#worker/movies/save-listed-movies.ts';
import type { JobContext } from '#worker/runner/handler.ts';
import { isAboutOneCall } from '#worker/runner/retry.ts';
import { writeTransaction } from '#worker/store/write-transaction.ts';
import type { ListedMovie } from '#worker/tmdb/wire/mirrored-movie.ts';

/** Movies that one run looks for. */
const atMost = 50;
/** The same IMDb id says most; title and year say the rest. */
const weights = { imdbId: 0.6, title: 0.25, year: 0.15 };
/** From here on a merge needs no administrator: IMDb id, title and year all agree. */
export const certainFrom = 0.99;

interface DeletedMovie {
  tmdb_id: number;
  imdb_id: string;
  title: string;
  original_title: string | null;
  year: number | null;
}

/** Looks for movies that TMDb deleted under their IMDb id: a merged one is there, as another movie. */
export async function proposeMerges(context: JobContext): Promise<void> {
  const { em, tmdb, signal, losses } = context;
  // What TMDb has restored is a movie of its own again.
  await writeTransaction(em, (on) =>
    runStatement(
      on,
      sql`delete from movie_merges g using movies m where m.tmdb_id = g.tmdb_id and m.state = 'detailed'`,
    ),
  );
  const rows = await runStatement(
    em.getKysely(),
    sql<DeletedMovie>`
    select m.tmdb_id, m.imdb_id, coalesce(m.long_title, m.title) as title, m.original_title,
      extract(year from m.release_date)::int as year
    from movies m where m.gone_at is not null and m.state = 'gone' and m.imdb_id is not null
      and not exists (select 1 from movie_merges g where g.tmdb_id = m.tmdb_id)
    order by m.gone_at limit ${atMost}`,
  );
  for (const movie of rows) {
    signal.throwIfAborted();
    try {
      const { movies } = await tmdb.findByImdbId(movie.imdb_id, { signal, losses });
      const others = movies.filter((other) => other.tmdb_id !== movie.tmdb_id);
      await propose(context, movie, others.length === 1 ? others[0] : undefined);
    } catch (error) {
      if (codeOf(error) === 'upstream_not_found') await propose(context, movie, undefined);
      else if (!isAboutOneCall(error)) throw error;
    }
  }
}

/** How much speaks for it that the two are one movie, 0…1: their IMDb id is the same. */
export function certaintyOf(movie: Omit<DeletedMovie, 'tmdb_id' | 'imdb_id'>, other: ListedMovie): number {
  const titles = (one: { title: string; original_title: string | null }) =>
    [one.title, one.original_title ?? one.title].map(foldTitle);
  const sameTitle = titles(movie).some((title) => titles(other).includes(title));
  const year = other.release_date === null ? null : Number(other.release_date.slice(0, 4));
  const sameYear = year !== null && year === movie.year;
  return weights.imdbId + (sameTitle ? weights.title : 0) + (sameYear ? weights.year : 0);
}

async function propose({ em, now, log }: JobContext, movie: DeletedMovie, into: ListedMovie | undefined) {
  const certainty = into === undefined ? null : certaintyOf(movie, into);
  const state: MergeState = certainty === null ? 'none' : certainty >= certainFrom ? 'confirmed' : 'proposed';
  await writeTransaction(em, async (on) => {
    if (into !== undefined) await saveListedMovies(on, [into], { scope: null, now: now() });
    await runStatement(
      on,
      sql`
      insert into movie_merges (tmdb_id, into_tmdb_id, state, certainty, looked_at, decided_at)
      values (${movie.tmdb_id}, ${into?.tmdb_id ?? null}, ${state}, ${certainty}, ${now()},
        ${state === 'confirmed' ? now() : null}::timestamptz)
      on conflict (tmdb_id) do nothing`,
    );
  });
  if (into !== undefined)
    log.info(
      { tmdb_id: movie.tmdb_id, into_tmdb_id: into.tmdb_id, certainty, state },
      'a deleted movie was found under another id',
    );
}
