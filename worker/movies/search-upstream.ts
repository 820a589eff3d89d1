import { runStatement } from '#shared/db/run-statement.ts';
import { sql } from '#shared/db/sql.ts';
import { askedAgainAfterMs, searchesPerDay } from '#shared/search/upstream-search-key.ts';
import { ensureGenres } from '#worker/genres/sync-genres.ts';
import type { Handler, JobContext } from '#worker/runner/handler.ts';
import { isAboutOneCall } from '#worker/runner/retry.ts';
import { notify, writeTransaction } from '#worker/store/write-transaction.ts';
import { saveListedMovies } from './save-listed-movies.ts';

/**
 * Takes in the first page that TMDb has for a search of which the mirror had little. Each is asked once a week, and a
 * day has so many: the rest is left.
 */
export const searchUpstream: Handler<'movies.search'> = async ({ key, query, year, filters }, context) => {
  const { em, tmdb, signal, losses, counts, now } = context;
  if (!(await claim(key, context))) return;
  try {
    const { results } =
      query === undefined
        ? await tmdb.discover({ filters: Object.fromEntries(new URLSearchParams(filters)) }, 1, {
            signal,
            losses,
          })
        : await tmdb.searchMovies({ query, ...(year === undefined ? {} : { year }) }, 1, { signal, losses });
    await ensureGenres(context);
    await writeTransaction(em, async (on) => {
      const saved = await saveListedMovies(on, results, { scope: null, now: now() });
      await note(on, key, results.length);
      await notify(on, { kind: 'movies', ids: saved.changed });
      counts.seen += results.length;
      counts.created += saved.created;
      counts.updated += saved.updated;
    });
  } catch (error) {
    if (isAboutOneCall(error)) {
      // What it refuses or answers badly is not asked again every time.
      await note(em.getKysely(), key, 0);
      return;
    }
    await runStatement(
      em.getKysely(),
      sql`delete from upstream_searches where key = ${key} and found is null`,
    );
    throw error;
  }
};

/** Takes one search of the day's budget. @returns whether TMDb is to be asked */
async function claim(key: string, { em, now }: JobContext): Promise<boolean> {
  const at = now();
  const rows = await runStatement(
    em.getKysely(),
    sql<{ key: string }>`
      insert into upstream_searches as s (key, asked_at)
      select ${key}, ${at} where (
        select count(*) from upstream_searches where asked_at > ${at}::timestamptz - interval '1 day') < ${searchesPerDay}
      on conflict (key) do update set asked_at = excluded.asked_at, found = null
        where s.asked_at <= ${at}::timestamptz - ${askedAgainAfterMs} * interval '1 millisecond'
      returning key`,
  );
  return rows.length > 0;
}

const note = (on: Parameters<typeof runStatement>[0], key: string, found: number) =>
  runStatement(on, sql`update upstream_searches set found = ${found} where key = ${key}`);
