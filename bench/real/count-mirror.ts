import type { Pool } from 'pg';
import type { MirrorCounts } from './count-files.ts';

/** What the tables hold. Genres count as far as movies carry them: the genre list may have more. */
export async function countMirror(pool: Pool): Promise<MirrorCounts> {
  const { rows } = await pool.query<MirrorCounts>(`
    select (select count(*) from movies where state = 'detailed')::int as movies,
      (select count(*) from credits)::int as credits,
      (select count(*) from people)::int as people,
      (select count(*) from keywords)::int as keywords,
      (select count(distinct genre_id) from movie_genres)::int as genres,
      (select count(*) from collections)::int as collections,
      (select count(*) from movie_genres)::int as movie_genres,
      (select count(*) from movie_keywords)::int as movie_keywords`);
  const [counts] = rows;
  if (counts === undefined) throw new Error('nothing was counted');
  return counts;
}

const tables = [
  'credits',
  'people',
  'keywords',
  'genres',
  'collections',
  'movie_genres',
  'movie_keywords',
  'movie_documents',
  'movie_parts',
  'movie_translations',
  'movie_alternative_titles',
  'movie_releases',
  'movie_posters',
  'movie_terms',
];

/** When a movie was last fetched, and what follows from that. */
const stamps = ['fetched_at', 'updated_at', 'attempted_at', 'refresh_due_at'];

/** Changes when any row of the mirror does, but for when it was last fetched. */
export async function mirrorFingerprint(pool: Pool): Promise<string> {
  const sums = [
    ...tables.map((table) => ({ table, row: `to_jsonb(t) - 'fetched_at'` })),
    { table: 'movies', row: `to_jsonb(t) - '{${stamps}}'::text[]` },
  ].map(({ table, row }) => `(select sum(hashtextextended((${row})::text, 0)) from ${table} t)`);
  const { rows } = await pool.query<{ sums: string }>(`select concat_ws('/', ${sums.join(', ')}) as sums`);
  return rows[0]?.sums ?? '';
}
