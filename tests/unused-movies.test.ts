import { expect, test } from 'bun:test';
import { createNoteReads } from '#api/movies/note-reads.ts';
import { testDatabase } from '#tests/support/database.ts';
import { mirroredMovie } from '#tests/support/mirrored-movie-factory.ts';
import { putUser } from '#tests/support/put-user.ts';
import { rememberingLog } from '#tests/support/tmdb/test-log.ts';
import { until } from '#tests/support/until.ts';
import { letUnusedGo } from '#worker/maintenance/let-unused-go.ts';
import { saveMovies } from '#worker/movies/save-movies.ts';

test('what nobody named or read for 90 days leaves scope 1, and nothing else does', async () => {
  await using database = await testDatabase();
  const { pool, orm } = database;
  const inDays = (days: number) => new Date(Date.now() + days * 86_400_000);
  const movies = [1, 2, 3, 4].map((id) => mirroredMovie(id));
  await saveMovies(orm.em.fork(), movies, { now: new Date(), scope: 1 });
  await saveMovies(orm.em.fork(), [mirroredMovie(5)], { now: new Date(), scope: 2 });
  const userId = await putUser(pool);
  await pool.query(
    "insert into user_movie_interactions (user_id, movie_id, interaction_type) select $1, id, 'liked' from movies where tmdb_id = 2",
    [userId],
  );
  await pool.query(
    "insert into trending_entries (time_window, rank, movie_id) select 'day', 1, id from movies where tmdb_id = 3",
  );
  await letUnusedGo(orm.em.fork(), inDays(-80));
  const stopping = new AbortController();
  const { log } = rememberingLog();
  createNoteReads({ pool, log, stopping: stopping.signal, afterMs: 1 })(4);
  await until(
    async () =>
      (
        await pool.query(
          'select 1 from movie_uses where tmdb_id = 4 and used_on > now() - interval $$3 days$$',
        )
      ).rows.length === 1,
  );
  const scopes = async () =>
    (await pool.query('select tmdb_id, scope from movies where tmdb_id < 6 order by 1')).rows.map(
      ({ scope }) => scope,
    );
  await letUnusedGo(orm.em.fork(), inDays(9));
  expect(await scopes()).toEqual([1, 1, 1, 1, 2]);
  await letUnusedGo(orm.em.fork(), inDays(11));
  expect(await scopes()).toEqual([null, 1, 1, 1, 2]);
  // A user who leaves takes their reason along, 90 days later.
  await pool.query('delete from users');
  await letUnusedGo(orm.em.fork(), inDays(120));
  expect(await scopes()).toEqual([null, null, 1, null, 2]);
});
