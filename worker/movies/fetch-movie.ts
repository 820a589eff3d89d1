import { runStatement } from '#shared/db/run-statement.ts';
import { sql } from '#shared/db/sql.ts';
import { codeOf } from '#shared/errors.ts';
import { scopeRank } from '#shared/movies/movie.ts';
import type { Handler, JobContext } from '#worker/runner/handler.ts';
import { notify, writeTransaction } from '#worker/store/write-transaction.ts';
import { recordAbsences } from './record-absences.ts';
import { saveMovies } from './save-movies.ts';

/**
 * Mirrors one movie that somebody asked for. Safe to run twice, and a run that comes after another has answered
 * the same question asks TMDb nothing.
 */
export const fetchMovie: Handler<'movies.fetch'> = async ({ tmdbId, requestedAt }, context) => {
  const { em, tmdb, signal, now, mirror, losses } = context;
  if (await isAnswered(context, tmdbId, new Date(requestedAt)))
    return notify(em.getKysely(), { kind: 'movies', ids: [tmdbId] });
  const askedAt = now();
  try {
    const movie = await tmdb.movie(tmdbId, { signal, onDemand: true, losses });
    await saveMovies(em, [movie], {
      now: now(),
      askedAt,
      scope: scopeRank.trending,
      languages: mirror.languages,
    });
  } catch (error) {
    if (codeOf(error) !== 'upstream_not_found') throw await tellWaiting(context, tmdbId, error);
    await writeTransaction(em, (on) => recordAbsences(on, [tmdbId], now()));
  }
};

/** Whether TMDb was asked after `since`, with either answer. */
async function isAnswered({ em }: JobContext, tmdbId: number, since: Date): Promise<boolean> {
  const rows = await runStatement(
    em.getKysely(),
    sql`
    select 1 from movies where tmdb_id = ${tmdbId} and state = 'detailed' and fetched_at >= ${since}
    union all select 1 from movie_absences where tmdb_id = ${tmdbId} and last_seen_at >= ${since}`,
  );
  return rows.length > 0;
}

/** A reader waits: better a plain "TMDb cannot be reached" now than nothing until the time is up. */
async function tellWaiting({ em }: JobContext, tmdbId: number, error: unknown): Promise<unknown> {
  if (codeOf(error) !== 'shutting_down')
    await notify(em.getKysely(), { kind: 'trouble', ids: [tmdbId] }).catch(() => {});
  return error;
}
