import type { Pool } from 'pg';
import { putUser } from '#tests/support/put-user.ts';
import type { TestUser } from './histories.ts';

/** Writes each user's history as interactions: everything seen is watched, the liked part liked. @returns their ids */
export async function fillHistories(pool: Pool, users: readonly TestUser[]): Promise<string[]> {
  const ids: string[] = [];
  for (const { seen } of users) {
    const id = await putUser(pool);
    ids.push(id);
    await pool.query(
      `insert into user_movie_interactions (user_id, movie_id, interaction_type, created_at)
       select $1::uuid, m.id, type, seen.at
       from unnest($2::int[], $3::bool[], $4::timestamptz[]) as seen(tmdb_id, liked, at)
       join movies m on m.tmdb_id = seen.tmdb_id
       cross join (values ('watched'), ('liked')) as types(type)
       where type = 'watched' or seen.liked
       on conflict do nothing`,
      [id, seen.map((one) => one.tmdbId), seen.map((one) => one.liked), seen.map((one) => one.at)],
    );
  }
  await pool.query('analyze user_movie_interactions');
  return ids;
}

/**
 * Somebody who says only what the history of another would say of favourites: three genres, five actors. What the other
 * has seen is hidden from them: as in all other lists, it takes no place, and it says nothing.
 */
export async function fillPreferences(pool: Pool, historyOf: string): Promise<string> {
  const id = await putUser(pool);
  await pool.query(
    `insert into user_genre_preferences (user_id, genre_id, position)
     select $1::uuid, genre_id, row_number() over (order by count(*) desc, genre_id)
     from user_movie_interactions i join movie_genres g on g.movie_id = i.movie_id
     where i.user_id = $2 and i.interaction_type = 'liked'
     group by genre_id order by count(*) desc, genre_id limit 3`,
    [id, historyOf],
  );
  await pool.query(
    `insert into user_actor_preferences (user_id, person_id, position)
     select $1::uuid, person_id, row_number() over (order by count(distinct i.movie_id) desc, person_id)
     from user_movie_interactions i
     join credits c on c.movie_id = i.movie_id and c.kind = 'cast' and c.position < 10
     where i.user_id = $2 and i.interaction_type = 'liked'
     group by person_id order by count(distinct i.movie_id) desc, person_id limit 5`,
    [id, historyOf],
  );
  await pool.query(
    `insert into user_movie_interactions (user_id, movie_id, interaction_type)
     select distinct $1::uuid, movie_id, 'hidden' from user_movie_interactions where user_id = $2`,
    [id, historyOf],
  );
  return id;
}
