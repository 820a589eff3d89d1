import { type Fragment, join, type Placeholder, prepared, raw, sql } from '#shared/db/sql.ts';
import type { JsonText } from '../http/contract/answer.ts';
import { listItemColumns } from './list-item-columns.ts';
import type { Movie } from './model.ts';
import { backdropSizes, posterSizes } from './movie-images.ts';
import { type MovieReading, readingColumns } from './movie-row.ts';

const imageColumn = (column: string, sizes: readonly string[], baseUrl: Placeholder<string>): Fragment => {
  const path = raw(column);
  const urls = sizes.map((size) => sql`${baseUrl}::text || ${raw(`'/${size}'`)} || ${path} as ${raw(size)}`);
  return sql`
  case when ${path} is not null then (
    select row_to_json(i) from (select ${join(urls, ', ')}) i
  ) end`;
};

const namedIds = (select: Fragment): Fragment =>
  sql`array_to_json(array(select row_to_json(n) from (${select}) n))`;

const detailColumns = (imageBaseUrl: Placeholder<string>) => sql`
  m.tagline,
  m.runtime,
  m.status,
  m.original_language,
  m.imdb_id,
  m.homepage,
  m.certification,
  (select row_to_json(c) from (
    select collections.id, collections.name from collections where collections.id = m.collection_id
  ) c) as collection,
  ${namedIds(sql`
    select people.id, people.name
    from credits join people on people.id = credits.person_id
    where credits.movie_id = m.id and credits.kind = 'crew' and credits.job = 'Director'
    group by people.id, people.name
    order by min(credits.position)`)} as directors,
  ${namedIds(sql`
    select people.id, people.name, credits.character, credits."order", people.profile_path
    from credits join people on people.id = credits.person_id
    where credits.movie_id = m.id and credits.kind = 'cast'
    order by credits."order" nulls last, credits.position`)} as "cast",
  ${namedIds(sql`
    select keywords.id, keywords.name
    from movie_keywords join keywords on keywords.id = movie_keywords.keyword_id
    where movie_keywords.movie_id = m.id
    order by movie_keywords.position, keywords.id`)} as keywords,
  ${namedIds(sql`
    select t.value ->> 'site' as site, t.value ->> 'key' as key, t.value ->> 'name' as name
    from jsonb_array_elements(
      case when jsonb_typeof(m.trailers) = 'array' then m.trailers else '[]' end
    ) with ordinality as t(value, position)
    order by t.position`)} as trailers,
  (select row_to_json(i) from (select
    ${imageColumn('m.poster_path', posterSizes, imageBaseUrl)} as poster,
    ${imageColumn('m.backdrop_path', backdropSizes, imageBaseUrl)} as backdrop
  ) i) as images`;

/** What both statements are over. One row always, also for an id nobody knows. */
const askedMovie = (tmdbId: Placeholder<number>) => sql`
    from (select ${tmdbId}::int as tmdb_id) asked
    left join movies m on m.tmdb_id = asked.tmdb_id`;

interface DocumentRow extends Omit<MovieReading<Movie>, 'data'> {
  document: JsonText<Omit<Movie, 'images'>> | null;
  poster_path: string | null;
  backdrop_path: string | null;
}

/** One movie from its document, which the worker wrote ready: two index look-ups, however large the cast. */
export const documentStatement = prepared<{ tmdbId: number }, DocumentRow>(
  'api-movie-document',
  ({ tmdbId }) => sql`
    select ${readingColumns('m', tmdbId)}, m.poster_path, m.backdrop_path, d.document
    ${askedMovie(tmdbId)}
    left join movie_documents d on d.movie_id = m.id and m.state = 'detailed'`,
);

/** The same from the rows themselves, for a movie that has no document: one known only from a list. */
export const detailStatement = prepared<{ tmdbId: number; imageBaseUrl: string }, MovieReading<Movie>>(
  'api-movie-detail',
  ({ tmdbId, imageBaseUrl }) => sql`
    select ${readingColumns('m', tmdbId)},
      case when m.state in ('listed', 'detailed') then (
        select row_to_json(d)::text from (select ${listItemColumns}, ${detailColumns(imageBaseUrl)}) d
      ) end as data
    ${askedMovie(tmdbId)}`,
);
