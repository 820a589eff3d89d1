import type { Pool } from 'pg';
import { prepared, sql, unknownList } from '#shared/db/sql.ts';
import { isJsonObject } from '#shared/is-json-object.ts';
import { queryStore } from '../../store/query-store.ts';
import { english } from '../wire/asked-query.ts';
import { type TranslatedMovie, translateJson } from './translate-json.ts';

type Json = Record<string, unknown>;

interface Translated extends TranslatedMovie {
  tmdb_id: number;
}

interface Asked {
  tmdbIds: number[];
  language: string;
  /** The first two letters of the language. */
  code: string;
}

/** By TMDb's own rule: the title falls back to the original one, the overview to nothing. */
const translationsStatement = prepared<Asked, Translated>(
  'api-facade-translations',
  ({ tmdbIds, language, code }) => sql`
    select m.tmdb_id, coalesce(t.title, m.original_title, m.title) as title, coalesce(t.overview, '') as overview,
      coalesce(p.posters ->> ${code}, p.posters ->> m.original_language, m.poster_path) as poster_path
    from movies m left join movie_translations t on t.movie_id = m.id and t.language = ${language}
    left join movie_posters p on p.movie_id = m.id
    where m.tmdb_id = any(${unknownList(tmdbIds, 'int')}) and m.state = 'detailed' and m.parts_version is not null`,
);

/** Puts movies, as TMDb sent them, into a language, as far as the mirror has their translations. */
export interface Translator {
  /** The rows themselves are changed: there may be hundreds, and to copy them takes as long as to read them. */
  rows(lists: readonly Json[][], language: string): Promise<void>;
  /** The same of JSON without spaces. @returns `undefined` where it has to be read whole */
  json(json: string, language: string): Promise<string | undefined>;
}

export function createTranslator(pool: Pool, isKept: (language: string) => boolean): Translator {
  const read = async (asked: Asked) =>
    new Map((await queryStore(pool, translationsStatement(asked))).map((row) => [row.tmdb_id, row]));
  const underWay = new Map<string, ReturnType<typeof read>>();
  /** Several parts of one answer may be of the same movies. */
  const readOnce = (asked: Asked) => {
    const key = `${asked.language} ${asked.tmdbIds.join()}`;
    const known = underWay.get(key);
    if (known !== undefined) return known;
    const reading = read(asked).finally(() => underWay.delete(key));
    underWay.set(key, reading);
    return reading;
  };
  const readKnown = async (ids: readonly unknown[], language: string) => {
    const tmdbIds = [...new Set(ids.filter(isId))];
    if (language === english || !isKept(language) || tmdbIds.length === 0) return none;
    return readOnce({ tmdbIds: tmdbIds.sort((a, b) => a - b), language, code: language.slice(0, 2) });
  };
  return {
    async rows(lists, language) {
      const ids = lists.flatMap((rows) => rows.map(({ id }) => id));
      const known = await readKnown(ids, language);
      if (known.size === 0) return;
      for (const row of lists.flat()) {
        const translated = known.get(row.id as number);
        if (translated === undefined) continue;
        // In collections TMDb calls it a name.
        row['title' in row ? 'title' : 'name'] = translated.title;
        row.overview = translated.overview;
        if ('poster_path' in row) row.poster_path = translated.poster_path;
      }
    },
    json: (json, language) => translateJson(json, (ids) => readKnown(ids, language)),
  };
}

const none: ReadonlyMap<number, Translated> = new Map();

/** The objects of a list that TMDb sent. */
export const rowsOf = (list: unknown): Json[] => (Array.isArray(list) ? list.filter(isJsonObject) : []);

const isId = (value: unknown): value is number =>
  Number.isInteger(value) && (value as number) > 0 && (value as number) <= 2_147_483_647;
