import type { Pool } from 'pg';
import { NexusError } from '#shared/errors.ts';
import { queryStore, type Statement } from '../../reads/query-store.ts';

export interface ExportService {
  /** Everything that is kept of a user, as JSON text that the database wrote: it may be long. */
  read(userId: string): Promise<string>;
}

const iso = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** $1: user. Of secrets only that there are some: neither hashes nor tokens. */
const statement: Statement = {
  name: 'api-user-export',
  text: `
    select json_build_object(
      'account', (select row_to_json(a) from (
        select u.id, u.name, u.email, u.date_of_birth, u.role, ${iso('u.created_at')} as created_at,
          ${iso('u.updated_at')} as updated_at
      ) a),
      'sessions', array_to_json(array(select row_to_json(s) from (
        select id, ${iso('created_at')} as created_at, ${iso('refreshed_at')} as refreshed_at,
          ${iso('expires_at')} as expires_at
        from sessions where user_id = u.id order by sessions.created_at, id
      ) s)),
      'preferences', json_build_object(
        'genres', array_to_json(array(select row_to_json(g) from (
          select p.genre_id as id, genres.name, ${iso('p.created_at')} as created_at
          from user_genre_preferences p left join genres on genres.id = p.genre_id
          where p.user_id = u.id order by p.position
        ) g)),
        'actors', array_to_json(array(select row_to_json(a) from (
          select p.person_id as id, people.name, ${iso('p.created_at')} as created_at
          from user_actor_preferences p left join people on people.id = p.person_id
          where p.user_id = u.id order by p.position
        ) a)),
        'movies', array_to_json(array(select row_to_json(m) from (
          select movies.tmdb_id, nullif(coalesce(movies.long_title, movies.title), '') as title,
            ${iso('p.created_at')} as created_at
          from user_movie_preferences p join movies on movies.id = p.movie_id
          where p.user_id = u.id order by p.position
        ) m))
      ),
      'interactions', array_to_json(array(select row_to_json(i) from (
        select movies.tmdb_id, nullif(coalesce(movies.long_title, movies.title), '') as title,
          i.interaction_type as type, ${iso('i.created_at')} as at
        from user_movie_interactions i join movies on movies.id = i.movie_id
        where i.user_id = u.id order by i.created_at, movies.tmdb_id, i.interaction_type
      ) i)),
      'imports', array_to_json(array(select row_to_json(i) from (
        select id, source, list, status, ${iso('created_at')} as created_at,
          (select coalesce(json_agg(row_to_json(r) order by r.line), '[]') from (
            select line, title, year, rating, ${iso('r.at')} as at, status, tmdb_id
            from user_import_rows r where r.import_id = user_imports.id
          ) r) as rows
        from user_imports where user_id = u.id order by user_imports.created_at, id
      ) i))
    )::text as data
    from users u where u.id = $1`,
};

export function createExportService({ pool }: { pool: Pool }): ExportService {
  return {
    async read(userId) {
      const [row] = await queryStore<{ data: string }>(pool, statement, [userId]);
      if (row === undefined)
        throw new NexusError('unauthenticated', 'The access token is not valid, or no longer.');
      return row.data;
    },
  };
}
