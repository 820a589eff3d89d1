import type { Pool } from 'pg';
import { prepared, sql } from '#shared/db/sql.ts';
import { createMirrorCache } from '../../http/answers/mirror-cache.ts';
import type { NoticeHub } from '../../store/notice-hub.ts';
import { queryStore } from '../../store/query-store.ts';
import { english } from '../wire/asked-query.ts';

interface GenreName {
  id: number;
  name: string;
  listed: boolean;
}

/** TMDb's order is that of the English names. */
const namesStatement = prepared<{ language: string; code: string }, GenreName>(
  'api-facade-genres',
  ({ language, code }) => sql`
    select g.id, coalesce(
      (select t.name from genre_translations t where t.genre_id = g.id and t.language in (${language}, ${code})
        order by length(t.language) desc limit 1), g.name) as name, g.listed
    from genres g order by g.name collate "C"`,
);

/** All genres with their names in a language, `xx-YY`; English where there is none. */
export type ReadGenres = (language: string) => Promise<readonly GenreName[]>;

const maxAgeMs = 10 * 60_000;

export function createReadGenres({ pool, hub }: { pool: Pool; hub: NoticeHub }): ReadGenres {
  const cache = createMirrorCache<string, readonly GenreName[]>(hub, {
    maxBytes: 1024 * 1024,
    maxAgeMs,
    sizeOf: (genres) => 60 * genres.length + 100,
  });
  return async (language) => {
    const code = language === english ? '' : language.slice(0, 2);
    const read = () => queryStore(pool, namesStatement({ language, code }));
    return cache.get(language) ?? cache.load(language, read, (genres) => genres);
  };
}
