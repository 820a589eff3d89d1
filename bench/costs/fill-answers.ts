import { createGeneratedCatalogue } from '#sandbox/generated-catalogue.ts';
import { allParts } from '#sandbox/wire.ts';
import { movieLists } from '#shared/lists/list-entry.ts';
import type { Database } from '#shared/orm/database.ts';
import { putList, putSnapshot, putTrending } from '#tests/support/api/movie-fixture.ts';
import { saveMovies } from '#worker/movies/save-movies.ts';
import { saveRecord } from '#worker/records/save-record.ts';
import { parseDetails } from '#worker/tmdb/wire/parse-answer.ts';
import { parseRecord } from '#worker/tmdb/wire/parse-record.ts';
import { crowdUserId } from '../neighbours/fill-crowd.ts';
import { busyPerson } from '../search/fill-catalogue.ts';
import { openCallers } from '../sizes/open-callers.ts';
import { fillPersonParts } from './fill-person-parts.ts';

/** A movie, a person with a page of films, and a collection, each as most are. */
export const knownId = 8;
/** A person and a collection that only movies name: nobody has asked for them yet. */
export const unaskedId = 9;

/** How much larger than most the largest are: casts, pictures and trailers of a movie; films of a collection. */
const timesLarger = 10;
const [fewParts, manyParts] = [4, 60];
/** What a user has watched and liked. */
const [fewInteractions, manyInteractions] = [40, 20_000];

/** What the worker writes: whole movies, people and collections, usual and large ones, and every list. */
export async function fillAnswers(database: Database): Promise<void> {
  const { pool, orm } = database;
  const now = new Date();
  await saveMovies(orm.em.fork(), [movieOf(knownId, 1), movieOf(busyPerson, timesLarger)], { now });
  for (const [id, parts] of [
    [knownId, fewParts],
    [busyPerson, manyParts],
  ] as const)
    await saveRecord(orm.em.fork(), await collectionOf(database, id, parts), now);
  await fillPeople(database);
  await fillPersonParts(database, [
    { id: knownId, films: 20 },
    { id: busyPerson, films: await mostFilms(database) },
  ]);
  await pool.query('update genres set listed = true');
  const ranked = await mostPopular(database, 100);
  for (const window of ['day', 'week'] as const) await putTrending(pool, window, ranked);
  for (const list of movieLists) await putList(pool, list, 'US', ranked);
  await putSnapshot(pool, 'genres', 19);
}

/** A movie of the sandbox under another id, with so many times what most have. */
function movieOf(id: number, times: number) {
  const catalogue = createGeneratedCatalogue({ seed: 1, movies: 200 });
  const { credits, images, videos, ...rest } = JSON.parse(
    JSON.stringify(catalogue.details(catalogue.idAt(0), allParts)),
    withOwnGenres,
  );
  const repeated = (rows: Record<string, unknown>[], own: (n: number) => Record<string, unknown>) =>
    Array.from({ length: rows.length * times }, (_, n) => ({ ...rows[n % rows.length], ...own(n) }));
  const credit = (kind: string) => (n: number) => ({ credit_id: `${id}-${kind}-${n}` });
  const picture = (n: number) => ({ file_path: `/${id}-${n}.jpg` });
  const whole = {
    ...{ ...rest, id },
    credits: { cast: repeated(credits.cast, credit('cast')), crew: repeated(credits.crew, credit('crew')) },
    images: {
      backdrops: repeated(images.backdrops, picture),
      posters: repeated(images.posters, picture),
      logos: repeated(images.logos, picture),
    },
    videos: { results: repeated(videos.results, (n) => ({ id: `${id}-${n}`, key: `key-${id}-${n}` })) },
  };
  return parseDetails(whole, id);
}

/** Those of the catalogue. Another one may share a bit with one of them, which TMDb's do not: each movie is looked at then. */
function withOwnGenres(key: string, value: unknown): unknown {
  if (key === 'genres') return [1, 2].map((id) => ({ id, name: `Genre ${id}` }));
  return key === 'genre_ids' ? [1, 2] : value;
}

async function collectionOf({ pool }: Database, id: number, parts: number) {
  const { rows } = await pool.query(
    `select tmdb_id as id, title, overview, popularity, vote_average, vote_count, release_date::text
      from movies where state = 'detailed' and tmdb_id not in ($1, $2) order by tmdb_id limit $3`,
    [knownId, busyPerson, parts],
  );
  return parseRecord('collection', { id, name: `Collection ${id}`, overview: 'A series.', parts: rows }, id);
}

/** Two people who were asked for. Most have a page of films, as the plain case of every list has one of movies. */
async function fillPeople({ pool }: Database): Promise<void> {
  const asked = [busyPerson, knownId];
  await pool.query(
    `insert into records (kind, id, state, fetched_at)
      select 'person', id, 'detailed', now() from unnest($1::int[]) as id on conflict do nothing`,
    [asked],
  );
  await pool.query(
    `insert into person_credits (person_id, credit_id, movie_id, kind, job, position)
      select person_id, credit_id || movie_id, movie_id, kind, job, position from credits where person_id = any($1)
      on conflict do nothing`,
    [asked],
  );
  await pool.query(
    `insert into person_credits (person_id, credit_id, movie_id, kind, job, position)
      select $1, 'plain' || n, id, case when n % 2 = 0 then 'cast' else 'crew' end, case when n % 2 = 1 then 'Writer' end, n
      from (select id, row_number() over (order by id) as n from movies where state = 'detailed' limit 40) m
      on conflict do nothing`,
    [knownId],
  );
}

/** Of anybody: a small mirror has fewer films of them, too. */
async function mostFilms({ pool }: Database): Promise<number> {
  const { rows } = await pool.query<{ movies: number }>('select count(*)::int as movies from movies');
  return Math.min(300, Math.ceil((rows[0]?.movies ?? 0) / 30));
}

/** As TMDb numbers them. */
async function mostPopular({ pool }: Database, count: number): Promise<number[]> {
  const { rows } = await pool.query<{ tmdb_id: number }>(
    "select tmdb_id from movies where state = 'detailed' order by popularity desc nulls last, id limit $1",
    [count],
  );
  return rows.map((row) => row.tmdb_id);
}

/** Two users who are signed in: one as most are, and one who has seen more than anybody. @returns their tokens */
export async function openReaders({ pool }: Database): Promise<{ usual: string; busy: string }> {
  for (const [n, count] of [fewInteractions, manyInteractions].entries()) {
    await pool.query(
      `insert into users (id, name, email, password_hash) values ($1, 'Somebody', $2, 'none') on conflict do nothing`,
      [crowdUserId(n), `${n}@example.org`],
    );
    await pool.query(
      `insert into user_movie_interactions (user_id, movie_id, interaction_type, created_at)
        select $1, id, case when id % 2 = 0 then 'liked' else 'watched' end, now() - id * interval '1 minute'
        from (select id from movies where state = 'detailed' order by popularity desc nulls last, id limit $2) m
        on conflict do nothing`,
      [crowdUserId(n), count],
    );
  }
  const [usual = '', busy = ''] = await openCallers(pool, [crowdUserId(0), crowdUserId(1)]);
  return { usual, busy };
}
