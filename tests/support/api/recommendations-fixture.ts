import type { Pool } from 'pg';
import { markScore, packNeighbours } from '#shared/recommendations/neighbour-list.ts';
import type { InteractionType } from '#shared/users/user-movie-interaction.ts';

export interface CatalogueMovie {
  tmdbId: number;
  title?: string;
  genres?: number[];
  cast?: number[];
  collection?: number;
  votes?: number;
  average?: number;
  certification?: string;
  adult?: boolean;
  released?: string | null;
  status?: string | null;
  language?: string;
  state?: 'listed' | 'detailed';
}

const named = (table: string) =>
  `insert into ${table} (id, name) select distinct id, $2 || id from unnest($1::int[]) id on conflict (id) do nothing`;

/** Puts a movie there with what lists are made of. */
export const putCatalogueMovie = (pool: Pool, movie: CatalogueMovie): Promise<void> =>
  putCatalogueMovies(pool, [movie]);

/** Many at once, their own ids in the order given. */
export async function putCatalogueMovies(pool: Pool, movies: readonly CatalogueMovie[]): Promise<void> {
  const all = movies.map(({ genres = [18], cast = [], ...movie }) => ({ ...movie, genres, cast }));
  await pool.query(named('genres'), [all.flatMap(({ genres }) => genres), 'Genre ']);
  await pool.query(named('people'), [all.flatMap(({ cast }) => cast), 'Person ']);
  const collections = all.flatMap(({ collection }) => (collection === undefined ? [] : [collection]));
  await pool.query(named('collections'), [collections, 'Collection ']);
  const rows = all.map((movie, n) => ({
    n,
    tmdb_id: movie.tmdbId,
    title: movie.title ?? `Movie ${movie.tmdbId}`,
    collection_id: movie.collection ?? null,
    vote_count: movie.votes ?? 100,
    vote_average: movie.average ?? 6.5,
    certification: movie.certification ?? null,
    adult: movie.adult ?? false,
    release_date: movie.released === undefined ? '2001-01-01' : movie.released,
    status: movie.status ?? null,
    original_language: movie.language ?? null,
    state: movie.state ?? 'detailed',
  }));
  await pool.query(
    `insert into movies (tmdb_id, title, collection_id, vote_count, vote_average, certification, adult,
       release_date, status, original_language, state, popularity, fetched_at)
     select tmdb_id, title, collection_id, vote_count, vote_average, certification, adult,
       release_date, status, original_language, state, 5, now()
     from json_to_recordset($1::json) as m(n int, tmdb_id int, title text, collection_id int, vote_count int,
       vote_average float8, certification text, adult bool, release_date date, status text, original_language text, state text)
     order by n`,
    [JSON.stringify(rows)],
  );
  const partsOf = (pick: (movie: (typeof all)[number]) => number[]) =>
    JSON.stringify(
      all.flatMap((movie) => pick(movie).map((id, n) => ({ tmdb_id: movie.tmdbId, id, place: n + 1 }))),
    );
  await pool.query(
    `insert into movie_genres (movie_id, genre_id, position)
     select m.id, g.id, place from json_to_recordset($1::json) as g(tmdb_id int, id int, place int)
     join movies m using (tmdb_id)`,
    [partsOf(({ genres }) => genres)],
  );
  await pool.query(
    `insert into credits (movie_id, credit_id, person_id, kind, "order", position)
     select m.id, 'c' || place, c.id, 'cast', place, place
     from json_to_recordset($1::json) as c(tmdb_id int, id int, place int) join movies m using (tmdb_id)`,
    [partsOf(({ cast }) => cast)],
  );
}

/** Takes all of it back, with the users: cheaper than a database for each test. */
export async function emptyCatalogue(pool: Pool): Promise<void> {
  await pool.query('truncate movies, users, genres, people, collections, keywords restart identity cascade');
}

/** As the api would write it; the later calls are the newer ones unless `at` says otherwise. */
export async function interact(
  pool: Pool,
  userId: string,
  type: InteractionType,
  tmdbIds: number[],
  at = new Date(),
): Promise<void> {
  await pool.query(
    `insert into user_movie_interactions (user_id, movie_id, interaction_type, created_at)
     select $1, id, $2, $4 from movies where tmdb_id = any($3::int[])`,
    [userId, type, tmdbIds, at],
  );
}

export async function prefer(
  pool: Pool,
  userId: string,
  { genres = [], actors = [], movies = [] }: { genres?: number[]; actors?: number[]; movies?: number[] },
): Promise<void> {
  const each = (table: string, column: string) =>
    `insert into ${table} (user_id, ${column}, position) select $1, id, place
     from unnest($2::int[]) with ordinality as p(id, place)`;
  await pool.query(each('user_genre_preferences', 'genre_id'), [userId, genres]);
  await pool.query(each('user_actor_preferences', 'person_id'), [userId, actors]);
  await pool.query(
    `insert into user_movie_preferences (user_id, movie_id, position)
     select $1, m.id, place from unnest($2::int[]) with ordinality as p(tmdb_id, place)
     join movies m on m.tmdb_id = p.tmdb_id`,
    [userId, movies],
  );
}

/** As the job `neighbours` would leave it. What is often next is told of. */
export async function putNeighbours(
  pool: Pool,
  tmdbId: number,
  neighbours: [tmdbId: number, score: number][],
  users = 10,
  transitions: [tmdbId: number, score: number, isOften?: boolean][] = [],
): Promise<void> {
  const { rows } = await pool.query<{ id: string; tmdb_id: number }>('select id, tmdb_id from movies');
  const idOf = new Map(rows.map((row) => [row.tmdb_id, Number(row.id)]));
  const packed = (list: [tmdbId: number, score: number, isOften?: boolean][]) =>
    packNeighbours({
      movieIds: Int32Array.from(list, ([id]) => idOf.get(id) ?? 0),
      scores: Float32Array.from(list, ([, score, isOften = false]) => markScore(score, isOften)),
      baselines: new Float32Array(list.length),
    });
  await pool.query(
    `insert into movie_neighbours (movie_id, users, weight, neighbours, transitions)
     values ($1, $2::int, $2::int, $3, $4)
     on conflict (movie_id) do update set neighbours = excluded.neighbours, transitions = excluded.transitions`,
    [idOf.get(tmdbId), users, packed(neighbours), packed(transitions)],
  );
}

/** As the job `content` would leave it. */
export async function putContent(
  pool: Pool,
  tmdbId: number,
  neighbours: [tmdbId: number, score: number][],
): Promise<void> {
  const { rows } = await pool.query<{ id: string; tmdb_id: number }>('select id, tmdb_id from movies');
  const idOf = new Map(rows.map((row) => [row.tmdb_id, Number(row.id)]));
  const packed = packNeighbours({
    movieIds: Int32Array.from(neighbours, ([id]) => idOf.get(id) ?? 0),
    scores: Float32Array.from(neighbours, ([, score]) => score),
    baselines: new Float32Array(neighbours.length),
  });
  await pool.query('insert into content_neighbours (movie_id, neighbours) values ($1, $2)', [
    idOf.get(tmdbId),
    packed,
  ]);
}
