import { Elysia } from 'elysia';
import { z } from 'zod';
import { openDatabase } from '#shared/orm/database.ts';
import { speakWithParent } from '../child-program.ts';

/** The limits of a cold read: one prepared select of one row by its key, from the same pool, on a bare route. */
const statements = {
  /** What the API would answer, had it been stored ready made. */
  ready: 'select body from bench_answers where tmdb_id = $1',
  /** A small row of the movies themselves. */
  row: `select json_build_object('tmdb_id', tmdb_id, 'title', title, 'overview', overview)::text as body
    from movies where tmdb_id = $1`,
  /** The answer where the API itself reads it: it grows with the mirror as that does. */
  stored: 'select answer as body from movies where tmdb_id = $1',
};
const name = z.enum(['ready', 'row', 'stored']).parse(process.env.STATEMENT);
const text = statements[name];
const { pool } = await openDatabase({ url: process.env.DATABASE_URL ?? '' });
const app = new Elysia({ serve: { development: false } })
  .get('/api/movies/:tmdb_movie_id', async ({ params, set }) => {
    const values = [Number(params.tmdb_movie_id)];
    const { rows } = await pool.query<{ body: string }>({ name, text, values });
    set.headers['content-type'] = 'application/json';
    return rows[0]?.body;
  })
  .listen({ hostname: '127.0.0.1', port: 0 });
speakWithParent(`http://127.0.0.1:${app.server?.port}`, () => process.cpuUsage());
