import { afterAll, beforeAll, expect, test } from 'bun:test';
import { contentTables, mirroredColumns, ownColumns } from '#shared/movies/mirrored-columns.ts';
import type { Database } from '#shared/orm/database.ts';
import { testDatabase } from '#tests/support/database.ts';
import { fullMovie } from '#tests/support/mirrored-movie-factory.ts';
import { readFilledParts } from '#tests/support/movie-catalogue.ts';
import { claimUpstream } from './claim-upstream.ts';
import { saveMovies } from './movies/save-movies.ts';

let database: Database;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

const em = () => database.orm.em.fork();

/** Tables with rows, as the catalogue has them. */
async function filledTables(): Promise<string[]> {
  const { rows } = await database.pool.query<{ name: string }>(
    "select tablename::text as name from pg_tables where schemaname = 'public' order by 1",
  );
  const filled: string[] = [];
  for (const { name } of rows)
    if ((await database.pool.query(`select 1 from ${name} limit 1`)).rows.length > 0) filled.push(name);
  return filled;
}

test('a reset leaves nothing of the former upstream in any column or table that the catalogue has', async () => {
  await claimUpstream(em(), 'one', false);
  await saveMovies(em(), [fullMovie(1), fullMovie(3)], { now: new Date(), scope: 2 });
  const user = Bun.randomUUIDv7();
  await database.pool.query(`
    insert into users (id, name, email, password_hash) values ('${user}', 'U', 'u@x', 'h');
    insert into user_movie_interactions (user_id, movie_id, interaction_type)
      select '${user}', id, 'liked' from movies where tmdb_id = 1;
    insert into content_neighbours (movie_id, neighbours) select id, '' from movies where tmdb_id = 1;
    insert into trending_entries (time_window, rank, movie_id) select 'day', 1, id from movies where tmdb_id = 1;
    insert into list_entries (list, region, rank, movie_id) select 'popular', 'US', 1, id from movies where tmdb_id = 1;
    insert into records (kind, id, state, fetched_at) values ('person', 1, 'detailed', now());
    insert into record_parts (kind, id, part, body) values ('person', 1, 'details', '{}');
    insert into person_credits (person_id, credit_id, movie_id, kind, position)
      select p.id, 'x', m.id, 'cast', 0 from people p, movies m where m.tmdb_id = 1 limit 1;
    insert into common_terms (term, reach, noted_hour, movies) values (1, 8, 0, '01000000');
    insert into reference_documents (name, body, fetched_at) values ('movie/latest', '{}', now());
    insert into list_snapshots (name, size, fetched_at) values ('trending/day', 1, now());
    insert into movie_absences (tmdb_id, first_seen_at, last_seen_at) values (99, now(), now());
    insert into sync_runs (id, job, trigger, status) values ('${Bun.randomUUIDv7()}', 'details', 'admin', 'succeeded');
    insert into movie_merges (tmdb_id, state, looked_at) values (99, 'none', now());
    insert into change_feeds (name, read_until) values ('movie', now());
    update movies set attempted_at = now(), gone_at = now(), changed_at = now(), change_seen_at = now() where tmdb_id = 1`);
  const full = await readFilledParts(database.pool, 1);
  expect(full.columns.sort()).toEqual([...mirroredColumns, ...Object.keys(ownColumns)].sort());
  expect(full.tables).toEqual(
    expect.arrayContaining([
      ...contentTables,
      'movie_titles',
      'trending_entries',
      'list_entries',
      'person_credits',
    ]),
  );

  await claimUpstream(em(), 'two', true);
  const held = await readFilledParts(database.pool, 1);
  const stays = Object.entries(ownColumns).flatMap(([column, is]) => (is === 'stays' ? [column] : []));
  expect(held.columns.sort()).toEqual(stays.sort());
  expect(held.tables).toEqual(['user_movie_interactions']);
  expect(await filledTables()).toEqual([
    'migrations',
    'movies',
    'upstream',
    'user_movie_interactions',
    'users',
  ]);
  expect((await database.pool.query('select tmdb_id from movies')).rows).toEqual([{ tmdb_id: 1 }]);
});
