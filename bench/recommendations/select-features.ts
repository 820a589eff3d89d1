import type { Pool } from 'pg';
import type { Features } from './baselines.ts';

const fewestLetters = 3;

/** Of all movies with details, best known first: genres, keywords, directors, the first five actors, words of the overview. */
export async function selectFeatures(pool: Pool): Promise<Features> {
  const { rows } = await pool.query<{ tmdb_id: number; terms: string | null; overview: string | null }>(`
    select m.tmdb_id, m.overview, concat_ws(' ',
      (select string_agg('g/' || genre_id, ' ') from movie_genres where movie_id = m.id),
      (select string_agg('k/' || keyword_id, ' ') from movie_keywords where movie_id = m.id),
      (select string_agg('p/' || person_id, ' ') from credits where movie_id = m.id
        and (kind = 'crew' and job = 'Director' or kind = 'cast' and position < 5))) as terms
    from movies m where m.state = 'detailed' order by coalesce(m.vote_count, 0) desc, m.tmdb_id`);
  const wordsOf = (text: string) =>
    text
      .toLowerCase()
      .split(/[^\p{L}\p{N}]+/u)
      .filter(({ length }) => length >= fewestLetters);
  return new Map(
    rows.map(({ tmdb_id, terms, overview }) => [
      tmdb_id,
      [...(terms ?? '').split(' ').filter((term) => term !== ''), ...wordsOf(overview ?? '')],
    ]),
  );
}
