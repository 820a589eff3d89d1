import type { Pool } from 'pg';
import { packNeighbours } from '#shared/recommendations/neighbour-list.ts';
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
  `insert into ${table} (id, name) select id, $2 || id from unnest($1::int[]) id on conflict (id) do nothing`;

/** Puts a movie there with what lists are made of. */
export async function putCatalogueMovie(pool: Pool, movie: CatalogueMovie): Promise<void> {
  const { tmdbId, genres = [18], cast = [], collection } = movie;
  await pool.query(named('genres'), [genres, 'Genre ']);
  await pool.query(named('people'), [cast, 'Person ']);
  await pool.query(named('collections'), [collection === undefined ? [] : [collection], 'Collection ']);
  const { rows } = await pool.query<{ id: string }>(
    `insert into movies (tmdb_id, title, collection_id, vote_count, vote_average, certification, adult,
       release_date, status, original_language, state, popularity, fetched_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 5, now()) returning id`,
    [
      tmdbId,
      movie.title ?? `Movie ${tmdbId}`,
      collection ?? null,
      movie.votes ?? 100,
      movie.average ?? 6.5,
      movie.certification ?? null,
      movie.adult ?? false,
      movie.released === undefined ? '2001-01-01' : movie.released,
      movie.status ?? null,
      movie.language ?? null,
      movie.state ?? 'detailed',
    ],
  );
  const id = rows[0]?.id;
  await pool.query(
    `insert into movie_genres (movie_id, genre_id, position)
     select $1, genre, place from unnest($2::int[]) with ordinality as g(genre, place)`,
    [id, genres],
  );
  await pool.query(
    `insert into credits (movie_id, credit_id, person_id, kind, "order", position)
     select $1, 'c' || place, person, 'cast', place, place from unnest($2::int[]) with ordinality as c(person, place)`,
    [id, cast],
  );
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

/** As the job `neighbours` would leave it. */
export async function putNeighbours(
  pool: Pool,
  tmdbId: number,
  neighbours: [tmdbId: number, score: number][],
  users = 10,
  transitions: [tmdbId: number, score: number][] = [],
): Promise<void> {
  const { rows } = await pool.query<{ id: string; tmdb_id: number }>('select id, tmdb_id from movies');
  const idOf = new Map(rows.map((row) => [row.tmdb_id, Number(row.id)]));
  const packed = (list: [tmdbId: number, score: number][]) =>
    packNeighbours({
      movieIds: Int32Array.from(list, ([id]) => idOf.get(id) ?? 0),
      scores: Float32Array.from(list, ([, score]) => score),
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
