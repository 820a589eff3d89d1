import type { Pool } from 'pg';
import { type Fragment, raw, sql } from '#shared/db/sql.ts';
import { unpackPart } from '#shared/movies/stored-parts.ts';
import { findCollections } from '../../collections/find-collections.ts';
import { objectOf } from '../../records/json-values.ts';
import { type AskedWords, readAskedWords } from '../../search/asked-words.ts';
import { queryStore } from '../../store/query-store.ts';
import { selectOne } from '../../store/select-one.ts';
import { pageSize } from '../wire/asked-query.ts';

/** What is found by its name alone. */
export type NamedKind = 'collection' | 'company' | 'keyword';

interface AskedNames {
  text: string;
  page: number;
}

interface FoundNames {
  results: string;
  total: number;
}

export type SearchNames = (kind: NamedKind, asked: AskedNames) => Promise<FoundNames>;

/** So many that match are sorted; nobody pages further. */
const mostMatched = 1000;

/** The words of a query, of which the last may be the beginning of one; `undefined` where it has none. */
function matching({ pieces }: AskedWords): string | undefined {
  const words = pieces.flat().map((word) => `'${word.replaceAll("'", "''").replaceAll('\\', '\\\\')}'`);
  return words.length === 0 ? undefined : `${words.join(' & ')}:*`;
}

/** Exact names first, then those that begin so, then the shorter ones. */
const pageStatement = (
  table: string,
  query: string,
  { text, page }: AskedNames,
  columns: string,
): Fragment<Found> => {
  const asked = text.trim().toLowerCase();
  return sql<Found>`
    with matched as materialized (
      select * from ${raw(table)} where words @@ to_tsquery('simple', ${query}) limit ${mostMatched}::bigint
    )
    select (select count(*)::int from matched) as total, array(
      select json_build_object(${raw(columns)})::text from matched
      order by lower(name) = ${asked}::text desc, starts_with(lower(name), ${asked}::text) desc, length(name), id
      limit ${pageSize}::bigint offset ${(page - 1) * pageSize}::bigint
    ) as rows`;
};

interface Found {
  rows: string[];
  total: number;
}

const tables: Record<Exclude<NamedKind, 'collection'>, { table: string; columns: string }> = {
  company: {
    table: 'companies',
    columns: "'id', id, 'logo_path', logo_path, 'name', name, 'origin_country', origin_country",
  },
  keyword: { table: 'keywords', columns: "'id', id, 'name', name" },
};

/** Companies and keywords by their names, through one index each; collections as `/api` finds them. */
export function createSearchNames(pool: Pool): SearchNames {
  return async (kind, asked) => {
    if (kind === 'collection') return searchCollections(pool, asked);
    const query = matching(await readAskedWords(pool, asked.text));
    if (query === undefined) return { results: '[]', total: 0 };
    const { table, columns } = tables[kind];
    const { rows, total } = await selectOne(pool, pageStatement(table, query, asked, columns));
    return { results: `[${rows.join(',')}]`, total };
  };
}

async function searchCollections(pool: Pool, { text, page }: AskedNames): Promise<FoundNames> {
  const range = { offset: (page - 1) * pageSize, limit: pageSize };
  const { ids, total } = await findCollections(pool, { query: text, ...range, isShown: sql`true` });
  const rows = ids.length === 0 ? [] : await readCollectionRows(pool, ids);
  return { results: `[${rows.join(',')}]`, total };
}

interface Stored {
  id: number;
  name: string;
  /** Of the collection itself, where somebody asked for it. */
  details: Uint8Array | null;
  /** Of its best known movie, which names its pictures. */
  movie: Uint8Array | null;
}

async function readCollectionRows(pool: Pool, ids: readonly number[]): Promise<string[]> {
  const stored = await queryStore(
    pool,
    sql<Stored>`
      select c.id, c.name, p.body as details, m.body as movie
      from unnest(${ids}::int[]) with ordinality as asked(id, place) join collections c on c.id = asked.id
      left join record_parts p on p.kind = 'collection' and p.id = asked.id and p.part = 'details'
      left join lateral (
        select d.body from movies join movie_parts d on d.movie_id = movies.id and d.part = 'details'
        where collection_id = asked.id and state = 'detailed'
        order by vote_count desc nulls last, tmdb_id limit 1
      ) m on true order by asked.place`,
  );
  return stored.map(({ id, name, details, movie }) => {
    const said = { ...objectOf(objectOf(read(movie)).belongs_to_collection), ...objectOf(read(details)) };
    const row = {
      adult: false,
      backdrop_path: null,
      id,
      name,
      original_language: 'en',
      original_name: name,
      overview: '',
      poster_path: null,
    };
    const shown = Object.entries(row).map(([key, value]) => [key, said[key] ?? value]);
    return JSON.stringify(Object.fromEntries(shown));
  });
}

const read = (body: Uint8Array | null): unknown => (body === null ? {} : JSON.parse(unpackPart(body)));
