import type { Pool } from 'pg';
import { prepared, sql } from '#shared/db/sql.ts';
import type { MoviePartName } from '#shared/movies/movie-parts.ts';
import { queryStore } from '../../store/query-store.ts';
import type { MovieTexts } from '../movies/read-movie.ts';
import { english } from '../wire/asked-query.ts';

type Json = Record<string, unknown>;

interface Translated {
  tmdb_id: number;
  title: string;
  overview: string;
}

/** By TMDb's own rule: the title falls back to the original one, the overview to nothing. */
const translationsStatement = prepared<{ tmdbIds: number[]; language: string }, Translated>(
  'api-facade-translations',
  ({ tmdbIds, language }) => sql`
    select m.tmdb_id, coalesce(t.title, m.original_title, m.title) as title, coalesce(t.overview, '') as overview
    from movies m left join movie_translations t on t.movie_id = m.id and t.language = ${language}
    where m.tmdb_id = any(${tmdbIds}::int[]) and m.state = 'detailed' and m.parts_version is not null`,
);

const related: readonly MoviePartName[] = ['recommendations', 'similar'];

/** Gives the rows of related movies in a language, as far as the mirror has their translations. */
export type TranslateRelated = (texts: MovieTexts, language: string) => Promise<MovieTexts>;

/** @param isKept whether the mirror keeps a language */
export function createTranslateRelated(pool: Pool, isKept: (language: string) => boolean): TranslateRelated {
  return async (texts, language) => {
    const parts = related.flatMap((part) => {
      const text = texts.get(part);
      return text === undefined ? [] : [{ part, json: JSON.parse(text) as { results?: Json[] } }];
    });
    if (language === english || !isKept(language) || parts.length === 0) return texts;
    const tmdbIds = parts.flatMap(({ json }) => (json.results ?? []).map(({ id }) => id)).filter(isId);
    const rows = await queryStore(pool, translationsStatement({ tmdbIds: [...new Set(tmdbIds)], language }));
    const known = new Map(rows.map(({ tmdb_id, ...translated }) => [tmdb_id, translated]));
    const translated = parts.map(({ part, json }) => {
      const results = (json.results ?? []).map((row) => ({ ...row, ...known.get(row.id as number) }));
      return [part, JSON.stringify({ ...json, results })] as const;
    });
    return new Map([...texts, ...translated]);
  };
}

const isId = (value: unknown): value is number =>
  Number.isInteger(value) && (value as number) > 0 && (value as number) <= 2_147_483_647;
