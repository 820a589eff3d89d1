import type { Pool } from 'pg';
import { type Fragment, type Statement, sql } from '#shared/db/sql.ts';
import { readAskedWords } from '../search/asked-words.ts';
import { exactQuery, type MatchOptions, matchQuery } from '../search/match-query.ts';
import { readNearWords } from '../search/near-words.ts';
import { selectOne } from '../store/select-one.ts';

export interface FoundCollections {
  /** The best first. */
  ids: number[];
  /** As many as are looked through at most. */
  total: number;
}

interface Asked {
  query: string;
  offset: number;
  limit: number;
  /** A condition on `collections c`. */
  isShown: Fragment;
}

/** Nobody looks through more of them. */
const mostMatches = 200;

/** Collections by their names in any language that is known. Where there are none, a word may have been mistyped. */
export async function findCollections(pool: Pool, { query, ...shown }: Asked): Promise<FoundCollections> {
  const words = await readAskedWords(pool, query);
  if (words.pieces.length === 0) return { ids: [], total: 0 };
  const read = (options: MatchOptions) =>
    selectOne(
      pool,
      collectionsStatement({
        ...shown,
        key: words.key,
        exact: exactQuery(words),
        match: matchQuery(words, options),
      }),
    );
  const found = await read({});
  if (found.total > 0) return found;
  // They are called as their movies are.
  const near = await readNearWords(pool, 'title_words', words);
  return near.size === 0 ? found : read({ near });
}

interface AskedNames extends Omit<Asked, 'query'> {
  key: string;
  exact: string;
  match: string;
}

/** How a name matches and how many have voted for the best known movie decide together. */
const collectionsStatement = ({
  key,
  exact,
  match,
  isShown,
  offset,
  limit,
}: AskedNames): Statement<FoundCollections> => sql`
    with found as materialized (
      select n.collection_id, n.name_key, n.words from collection_names n
      where n.words @@ ${match}::tsquery
        and exists (select 1 from collections c where c.id = n.collection_id and ${isShown})
      limit ${mostMatches}
    ),
    named as materialized (
      select collection_id, bool_or(words @@ ${exact}::tsquery) as is_exact, max(similarity(name_key, ${key}::text)) as likeness
      from found group by collection_id
    ),
    ranked as materialized (
      select collection_id, is_exact, likeness + 0.1 * ln(1 + coalesce((
        select max(m.vote_count) from movies m where m.collection_id = named.collection_id), 0)) as score
      from named
    )
    select (select count(*)::int from ranked) as total, array(
      select collection_id from ranked order by is_exact desc, score desc, collection_id
      limit ${limit}::bigint offset ${offset}::bigint
    ) as ids`;
