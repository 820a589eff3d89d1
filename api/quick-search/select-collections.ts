import type { Pool } from 'pg';
import { prepared, sql } from '#shared/db/sql.ts';
import { textOf } from '#shared/is-blank.ts';
import { isYoungEnough } from '#shared/movies/freshness.ts';
import type { ImageUrl } from '#shared/movies/image-urls.ts';
import { otherCode } from '#shared/movies/other-code.ts';
import { unpackPart } from '#shared/movies/stored-parts.ts';
import { findCollections } from '../collections/find-collections.ts';
import { collectionPoster } from '../collections/read-collection.ts';
import { type Audience, visibleTo } from '../movies/audience.ts';
import { objectOf } from '../records/json-values.ts';
import { queryStore } from '../store/query-store.ts';
import type { FoundCollection } from './model.ts';

interface Row {
  id: number;
  name: string;
  details: Uint8Array | null;
  images: Uint8Array | null;
}

/** Named in the language, else in the same one of another country, else as TMDb does without one. */
const namesStatement = prepared<{ ids: number[]; language: string; code: string }, Row>(
  'api-quick-search-collections',
  ({ ids, language, code }) => sql`
    select c.id, coalesce((
      select n.name from collection_names n where n.collection_id = c.id and left(n.language, 2) in (${code}::text, ${otherCode(code)})
      order by n.language <> ${language}::text, n.language limit 1), c.name) as name, d.body as details, i.body as images
    from unnest(${ids}::int[]) with ordinality as asked(id, place) join collections c on c.id = asked.id
    left join records r on r.kind = 'collection' and r.id = c.id and r.state = 'detailed' and ${isYoungEnough('r')}
    left join record_parts d on d.kind = r.kind and d.id = r.id and d.part = 'details'
    left join record_parts i on i.kind = r.kind and i.id = r.id and i.part = 'images'
    order by asked.place`,
);

interface Asked {
  query: string;
  limit: number;
  audience: Audience;
  /** `xx-YY` */
  language: string;
  imageUrl: ImageUrl;
}

/** Those of which the audience may see a movie. */
export async function selectCollections(pool: Pool, asked: Asked): Promise<FoundCollection[]> {
  const { query, limit, audience, language, imageUrl } = asked;
  // One by one: the planner would rather look through the movies of all collections.
  const isShown = sql`exists (select 1 from movies m where m.collection_id = c.id
          and m.state in ('listed', 'detailed') and ${visibleTo('m', audience)} offset 0)`;
  const { ids } = await findCollections(pool, { query, limit, offset: 0, isShown });
  if (ids.length === 0) return [];
  const code = language.slice(0, 2);
  const rows = await queryStore(pool, namesStatement({ ids, language, code }));
  return rows.map(({ id, name, ...parts }) => {
    const known = parsed(parts.details);
    return {
      id,
      name,
      poster_url: imageUrl('poster', collectionPoster(known, parsed(parts.images), language)),
      backdrop_url: imageUrl('backdrop', textOf(known.backdrop_path)),
    };
  });
}

const parsed = (part: Uint8Array | null) => (part === null ? {} : objectOf(JSON.parse(unpackPart(part))));
