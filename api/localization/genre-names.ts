import type { Pool } from 'pg';
import { prepared, sql } from '#shared/db/sql.ts';
import { otherCode } from '#shared/movies/other-code.ts';
import { createMirrorCache } from '../http/answers/mirror-cache.ts';
import type { NoticeHub } from '../store/notice-hub.ts';
import { queryStore } from '../store/query-store.ts';

export type GenreNames = ReadonlyMap<number, string>;

const namesStatement = prepared<{ language: string; code: string }, { genre_id: number; name: string }>(
  'api-genre-names',
  ({ language, code }) => sql`
    select distinct on (genre_id) genre_id, name from genre_translations
    where left(language, 2) in (${code}::text, ${otherCode(code)})
    order by genre_id, left(language, 2) <> ${code}::text, language <> ${language}::text, language <> ${code}::text, language`,
);

const englishStatement = prepared<void, { id: number; name: string }>(
  'api-english-genre-names',
  () => sql`select id, name from genres`,
);

const maxAgeMs = 10 * 60_000;
/** In kilobytes, as languages have a few dozen names each. */
const mostLanguages = 200;
const english: GenreNames = new Map();

export type ReadGenreNames = (language: string) => Promise<GenreNames>;

/** The names of genres in a language, of whatever country; a genre without one keeps its English name. */
export function createReadGenreNames({ pool, hub }: { pool: Pool; hub: NoticeHub }): ReadGenreNames {
  const cache = createMirrorCache<string, GenreNames>(hub, {
    maxBytes: mostLanguages,
    maxAgeMs,
    sizeOf: () => 1,
  });
  const read = async (language: string): Promise<GenreNames> => {
    const rows = await queryStore(pool, namesStatement({ language, code: language.slice(0, 2) }));
    return new Map(rows.map(({ genre_id, name }) => [genre_id, name]));
  };
  return async (language) =>
    language.startsWith('en-')
      ? english
      : (cache.get(language) ??
        cache.load(
          language,
          () => read(language),
          (names) => names,
        ));
}

/** The English names of all genres, of these at least: a movie may have brought a new one a moment ago. */
export type ReadEnglishGenreNames = (genreIds: Iterable<number>) => Promise<GenreNames>;

export function createReadEnglishGenreNames({
  pool,
  hub,
}: {
  pool: Pool;
  hub: NoticeHub;
}): ReadEnglishGenreNames {
  const cache = createMirrorCache<'all', GenreNames>(hub, { maxBytes: 1, maxAgeMs, sizeOf: () => 1 });
  const read = async (): Promise<GenreNames> =>
    new Map((await queryStore(pool, englishStatement())).map(({ id, name }) => [id, name]));
  return async (genreIds) => {
    const known = cache.get('all');
    if (known !== undefined && Iterator.from(genreIds).every((id) => known.has(id))) return known;
    return cache.load('all', read, (names) => names);
  };
}
