import type { Pool } from 'pg';
import { type Fragment, prepared, raw, sql } from '#shared/db/sql.ts';
import { queryStore } from '../store/query-store.ts';
import type { PictureSubject } from './drawing/draw-picture.ts';

interface MovieRow {
  title: string;
  year: string | null;
  genre_ids: number[];
  genre: string | null;
  is_poster: boolean;
}

const movieColumns = ({ code, path }: { code: Fragment; path: Fragment }) => sql`
  coalesce(
    (select t.title from movie_translations t where t.movie_id = m.id and t.title is not null
      and split_part(t.language, '-', 1) = ${code} order by t.language limit 1),
    m.long_title, m.title) as title,
  left(m.release_date::text, 4) as year,
  array(select g.genre_id from movie_genres g where g.movie_id = m.id order by g.position) as genre_ids,
  (select name from movie_genres g join genres on genres.id = g.genre_id where g.movie_id = m.id
    order by g.position limit 1) as genre,
  m.poster_path is not distinct from ${path} as is_poster`;

const isShown = raw(`m.state in ('listed', 'detailed')`);

const movieByIdStatement = prepared<{ tmdbId: number; language: string }, MovieRow>(
  'picture-movie',
  ({ tmdbId, language }) => sql`
    select ${movieColumns({ code: sql`${language}::text`, path: sql`''` })}
    from movies m where m.tmdb_id = ${tmdbId}::int and ${isShown}`,
);

const movieByPathStatement = prepared<{ path: string }, MovieRow>(
  'picture-movie-by-path',
  ({ path }) => sql`
    select ${movieColumns({ code: sql`''`, path: sql`${path}::text` })}
    from movies m where (m.poster_path = ${path}::text or m.backdrop_path = ${path}::text) and ${isShown} limit 1`,
);

const nameStatement = prepared<{ of: string; id: number; path: string }, { name: string }>(
  'picture-name',
  ({ of, id, path }) => sql`
    select name from people where ${of}::text = 'person' and id = ${id}::int
    union all select name from collections where ${of}::text = 'collection' and id = ${id}::int
    union all select name from people where ${of}::text = 'path' and profile_path = ${path}::text
    limit 1`,
);

const ofMovie = /^\/sandbox-(\d{1,10})-(poster|backdrop|logo)(?:-([a-z]{2}|\d))?\.\w+$/;
const ofOthers =
  /^\/sandbox-(person|collection|provider|company)-(\d{1,10})(?:-(poster|backdrop))?[-\w]*\.\w+$/;
const largestId = 2_147_483_647;

/**
 * What a picture of the sandbox shows, from the rows of the mirror. The sandbox's own paths say of what they are; those
 * of `NEXUS_REAL_DATA` are TMDb's, and are looked for.
 * @returns `undefined` where the mirror has nothing of it
 */
export async function findPictureSubject(pool: Pool, path: string): Promise<PictureSubject | undefined> {
  const [, movieId, kind, language = ''] = ofMovie.exec(path) ?? [];
  if (movieId !== undefined) {
    const tmdbId = Math.min(Number(movieId), largestId);
    const [row] = await queryStore(pool, movieByIdStatement({ tmdbId, language }));
    return row && subjectOf(row, kind as 'poster' | 'backdrop' | 'logo');
  }
  const [, of, otherId, part] = ofOthers.exec(path) ?? [];
  if (of === 'provider' || of === 'company') return { kind: 'badge' };
  if (of !== undefined) {
    const name = await readName(pool, { of, id: Math.min(Number(otherId), largestId), path: '' });
    if (name === undefined) return undefined;
    if (of === 'person') return { kind: 'portrait', name };
    return {
      kind: part === 'backdrop' ? 'backdrop' : 'poster',
      title: name,
      year: '',
      genreIds: [],
      genre: '',
    };
  }
  const [row] = await queryStore(pool, movieByPathStatement({ path }));
  if (row !== undefined) return subjectOf(row, row.is_poster ? 'poster' : 'backdrop');
  const name = await readName(pool, { of: 'path', id: 0, path });
  return name === undefined ? undefined : { kind: 'portrait', name };
}

const subjectOf = (
  { title, year, genre_ids: genreIds, genre }: MovieRow,
  kind: 'poster' | 'backdrop' | 'logo',
): PictureSubject => ({ kind, title, year: year ?? '', genreIds, genre: genre ?? '' });

async function readName(
  pool: Pool,
  asked: { of: string; id: number; path: string },
): Promise<string | undefined> {
  const [row] = await queryStore(pool, nameStatement(asked));
  return row?.name;
}
