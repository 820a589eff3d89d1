import { runStatement } from '#shared/db/run-statement.ts';
import { sql } from '#shared/db/sql.ts';
import {
  askedAgainAfterMs,
  searchesPerDay,
  type UpstreamSearchKind,
  type UpstreamSearchOf,
} from '#shared/search/upstream-search-key.ts';
import { ensureGenres } from '#worker/genres/sync-genres.ts';
import type { Handler, JobContext } from '#worker/runner/handler.ts';
import { isAboutOneCall } from '#worker/runner/retry.ts';
import { notify, type Sql, writeTransaction } from '#worker/store/write-transaction.ts';
import { savePeople } from '../people/save-people.ts';
import { imdbNameId } from '../tmdb/wire/map-values.ts';
import type { ListedMovie } from '../tmdb/wire/mirrored-movie.ts';
import { companyOf, saveCompanies } from './save-companies.ts';
import { saveListedMovies } from './save-listed-movies.ts';
import { saveNamed } from './save-movies.ts';

/**
 * Takes in the first page that TMDb has for a search of which the mirror had little. Each is asked once a week, and a
 * day has so many: the rest is left.
 */
export const searchUpstream: Handler<'movies.search'> = async (
  { key, kind, query, year, filters },
  context,
) => {
  const { em, counts } = context;
  if (!(await claim(key, context))) return;
  try {
    const take = await (kind === undefined
      ? askForMovies({ query, year, filters }, context)
      : askByName({ kind, query: query ?? '' }, context));
    await writeTransaction(em, async (on) => {
      const { found, changed } = await take(on);
      await note(on, key, found);
      // Whatever it is of, answers that are kept say less than is known now.
      await notify(on, { kind: 'movies', ids: changed });
      counts.seen += found;
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

/** Writes what TMDb has given. `changed`: ids of movies. */
type Take = (on: Sql) => Promise<{ found: number; changed: number[] }>;

async function askForMovies({ query, year, filters }: UpstreamSearchOf, context: JobContext): Promise<Take> {
  const { tmdb, signal, losses } = context;
  const { results } =
    query === undefined
      ? await tmdb.discover({ filters: Object.fromEntries(new URLSearchParams(filters)) }, 1, {
          signal,
          losses,
        })
      : await tmdb.searchMovies({ query, ...(year === undefined ? {} : { year }) }, 1, { signal, losses });
  await ensureGenres(context);
  return takeMovies(results, context);
}

const takeMovies =
  (movies: readonly ListedMovie[], { now, counts }: JobContext): Take =>
  async (on) => {
    const { changed, created, updated } = await saveListedMovies(on, movies, { scope: null, now: now() });
    counts.created += created;
    counts.updated += updated;
    return { found: movies.length, changed };
  };

interface Named {
  kind: UpstreamSearchKind;
  query: string;
}

async function askByName({ kind, query }: Named, context: JobContext): Promise<Take> {
  const { tmdb, signal, losses, now } = context;
  const options = { signal, losses };
  if (kind === 'imdb_id') {
    const found = await tmdb.findByImdbId(query, options);
    await ensureGenres(context);
    const take = takeMovies(found.movies, context);
    const people = found.people.map((person) => ({ ...person, imdb_id: imdbNameId(query) }));
    return async (on) => {
      await savePeople(on, people, now());
      const { changed } = await take(on);
      return { found: found.movies.length + people.length, changed };
    };
  }
  if (kind === 'person') {
    const { people } = await tmdb.searchPeople(query, 1, options);
    return async (on) => {
      await savePeople(on, people, now());
      return { found: people.length, changed: [] };
    };
  }
  const { named, rows } = await tmdb.searchNamed(kind, query, options);
  return async (on) => {
    if (kind === 'company') await saveCompanies(on, rows.flatMap(companyOf), now());
    else await saveNamed(on, kind === 'keyword' ? 'keywords' : 'collections', named);
    return { found: named.length, changed: [] };
  };
}

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
