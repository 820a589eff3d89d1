import type { Pool } from 'pg';
import { type Notice, noticeChannel, noticePayloads } from '#shared/db/notices.ts';
import type { MovieList } from '#shared/lists/list-entry.ts';
import type { MovieState } from '#shared/movies/movie.ts';
import { keywordTerm } from '#shared/movies/term-codes.ts';
import type { RecordKind, RecordState } from '#shared/records/record.ts';

interface MovieFixture {
  tmdbId: number;
  state?: MovieState;
  title?: string;
  longTitle?: string;
  releaseDate?: string | null;
  posterPath?: string | null;
  adult?: boolean | null;
  fetchedAt?: Date | null;
  /** A week after it was fetched, unless it is given. */
  refreshDueAt?: Date | null;
}

/** Puts a row there as the worker would, or over the one that is there. Tells nobody. */
export async function putMovie(pool: Pool, movie: MovieFixture): Promise<void> {
  const { tmdbId, state = 'detailed', title = `Movie ${tmdbId}` } = movie;
  const fetchedAt = movie.fetchedAt === undefined ? new Date() : movie.fetchedAt;
  await pool.query(
    `insert into movies (tmdb_id, state, title, long_title, release_date, poster_path, adult, fetched_at, refresh_due_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     on conflict (tmdb_id) do update set state = excluded.state, title = excluded.title,
       long_title = excluded.long_title, release_date = excluded.release_date,
       poster_path = excluded.poster_path, adult = excluded.adult, fetched_at = excluded.fetched_at,
       refresh_due_at = excluded.refresh_due_at`,
    [
      tmdbId,
      state,
      title,
      movie.longTitle ?? null,
      movie.releaseDate ?? null,
      movie.posterPath ?? null,
      movie.adult ?? false,
      fetchedAt,
      movie.refreshDueAt ?? null,
    ],
  );
}

/** A movie with something in every field of the contract. */
export async function putWholeMovie(pool: Pool, tmdbId: number): Promise<void> {
  await putMovie(pool, {
    tmdbId,
    title: 'Short',
    longTitle: 'The "Long" Title: Ünïcode 🎬',
    posterPath: '/p.jpg',
  });
  await pool.query(
    `insert into genres (id, name) values (18, 'Drama'), (35, 'Comedy') on conflict (id) do nothing;
     insert into keywords (id, name) values (7, 'sea'), (8, 'night') on conflict (id) do nothing;
     insert into collections (id, name) values (5, 'All of Them') on conflict (id) do nothing;
     insert into people (id, name, profile_path) values (1, 'Ann Actor', '/ann.jpg'), (2, 'Dee Director', null),
       (3, 'Bob Both', null) on conflict (id) do nothing;`,
  );
  await pool.query(
    `update movies set original_title = 'Le Titre', overview = 'What happens.', tagline = 'It happens.',
       release_date = '1999-12-31', backdrop_path = '/b.jpg', popularity = 12.5, vote_average = 7.25, vote_count = 42,
       runtime = 101, status = 'Released', original_language = 'fr', imdb_id = 'tt0000001',
       homepage = 'https://example.org/film', certification = 'PG-13', collection_id = 5,
       trailers = '[{"site":"YouTube","key":"abc","name":"Trailer"}]', budget = 1, revenue = 2
     where tmdb_id = $1`,
    [tmdbId],
  );
  await pool.query(
    `with m as (select id from movies where tmdb_id = $1),
       g as (insert into movie_genres select m.id, v.genre, v.position from m, (values (35, 0), (18, 1)) v(genre, position)),
       k as (insert into movie_keywords select m.id, v.keyword, v.position from m, (values (8, 0), (7, 1)) v(keyword, position)),
       t as (insert into movie_terms select m.id, $2::bigint[] from m)
     insert into credits (movie_id, credit_id, person_id, kind, character, department, job, "order", position)
     select m.id, v.* from m, (values
       ('c2', 3, 'cast', 'The Twin', null, null, null::int, 2),
       ('c1', 1, 'cast', 'Herself', null, null, 1, 0),
       ('c0', 3, 'cast', null, null, null, 0, 1),
       ('d1', 3, 'crew', null, 'Directing', 'Director', null, 4),
       ('d0', 2, 'crew', null, 'Directing', 'Director', null, 3),
       ('w0', 1, 'crew', null, 'Writing', 'Screenplay', null, 5)
     ) v(credit_id, person_id, kind, character, department, job, "order", position)`,
    [tmdbId, [8, 7].map(keywordTerm)],
  );
}

export async function relate(
  pool: Pool,
  tmdbId: number,
  kind: 'recommendation' | 'similar',
  related: number[],
): Promise<void> {
  await pool.query(
    `insert into movie_relations (movie_id, kind, related_movie_id, rank)
     select m.id, $2, r.id, asked.rank
     from movies m, unnest($3::int[]) with ordinality as asked(tmdb_id, rank)
     join movies r on r.tmdb_id = asked.tmdb_id
     where m.tmdb_id = $1`,
    [tmdbId, kind, related],
  );
}

/** TMDb said that it has no such movie. */
export async function putAbsence(pool: Pool, tmdbId: number, lastSeenAt = new Date()): Promise<void> {
  await pool.query(
    `insert into movie_absences values ($1, $2, $2)
     on conflict (tmdb_id) do update set last_seen_at = excluded.last_seen_at`,
    [tmdbId, lastSeenAt],
  );
}

/** A person or a collection as the worker keeps it; of one that is `unknown` TMDb said that it has none. */
export async function putRecord(
  pool: Pool,
  record: { kind: RecordKind; id: number; state: RecordState; parts?: Record<string, unknown> },
): Promise<void> {
  const { kind, id, state, parts = {} } = record;
  const now = new Date();
  const absentAt = state === 'detailed' ? null : now;
  await pool.query(
    `insert into records (kind, id, state, fetched_at, first_absent_at, last_absent_at) values ($1, $2, $3, $4, $5, $5)`,
    [kind, id, state, state === 'detailed' ? now : null, absentAt],
  );
  for (const [part, value] of Object.entries(parts))
    await pool.query('insert into record_parts (kind, id, part, body) values ($1, $2, $3, $4)', [
      kind,
      id,
      part,
      Buffer.from(JSON.stringify(value)),
    ]);
}

export async function putTrending(pool: Pool, window: 'day' | 'week', ranked: number[]): Promise<void> {
  await pool.query('delete from trending_entries where time_window = $1', [window]);
  await pool.query(
    `insert into trending_entries (time_window, rank, movie_id)
     select $1, asked.rank, m.id from unnest($2::int[]) with ordinality as asked(tmdb_id, rank)
     join movies m on m.tmdb_id = asked.tmdb_id`,
    [window, ranked],
  );
  await putSnapshot(pool, `trending/${window}`, ranked.length);
}

export async function putList(pool: Pool, list: MovieList, region: string, ranked: number[]): Promise<void> {
  await pool.query('delete from list_entries where list = $1 and region = $2', [list, region]);
  await pool.query(
    `insert into list_entries (list, region, rank, movie_id)
     select $1, $2, asked.rank, m.id from unnest($3::int[]) with ordinality as asked(tmdb_id, rank)
     join movies m on m.tmdb_id = asked.tmdb_id`,
    [list, region, ranked],
  );
  await putSnapshot(pool, `${list}/${region}`, ranked.length);
}

export async function putSnapshot(
  pool: Pool,
  name: string,
  size: number,
  fetchedAt = new Date(),
): Promise<void> {
  await pool.query(
    `insert into list_snapshots (name, size, fetched_at) values ($1, $2, $3)
     on conflict (name) do update set size = excluded.size, fetched_at = excluded.fetched_at`,
    [name, size, fetchedAt],
  );
}

/** What the worker does at every commit. */
export async function tell(pool: Pool, notice: Notice): Promise<void> {
  for (const payload of noticePayloads(notice))
    await pool.query('select pg_notify($1, $2)', [noticeChannel, payload]);
}
