import { raw } from '../db/sql.ts';
import { type DocumentField, documentFields } from './document-fields.ts';
import { itemFields, type MirroredColumn, type ShownField } from './mirrored-columns.ts';

const listOf = (select: string) => `array_to_json(array(select row_to_json(n) from (${select}) n))`;

/** How a field is read over `movies m`, where it is not the column of that name. */
const expressions: Record<Exclude<ShownField, MirroredColumn>, string> &
  Partial<Record<MirroredColumn, string>> = {
  title: 'coalesce(m.long_title, m.title)',
  genres: listOf(`
    select genres.id, genres.name
    from movie_genres join genres on genres.id = movie_genres.genre_id
    where movie_genres.movie_id = m.id
    order by movie_genres.position, genres.id`),
  collection: `(select row_to_json(c) from (
    select collections.id, collections.name from collections where collections.id = m.collection_id
  ) c)`,
  directors: listOf(`
    select people.id, people.name
    from credits join people on people.id = credits.person_id
    where credits.movie_id = m.id and credits.kind = 'crew' and credits.job = 'Director'
    group by people.id, people.name
    order by min(credits.position)`),
  cast: listOf(`
    select people.id, people.name, credits.character, credits."order", people.profile_path
    from credits join people on people.id = credits.person_id
    where credits.movie_id = m.id and credits.kind = 'cast'
    order by credits."order" nulls last, credits.position`),
  crew: listOf(`
    select people.id, people.name, credits.department, credits.job, people.profile_path
    from credits join people on people.id = credits.person_id
    where credits.movie_id = m.id and credits.kind = 'crew'
    order by credits.position, credits.credit_id`),
  keywords: listOf(`
    select keywords.id, keywords.name
    from movie_keywords join keywords on keywords.id = movie_keywords.keyword_id
    where movie_keywords.movie_id = m.id
    order by movie_keywords.position, keywords.id`),
  trailers: listOf(`
    select t.value ->> 'site' as site, t.value ->> 'key' as key, t.value ->> 'name' as name
    from jsonb_array_elements(
      case when jsonb_typeof(m.trailers) = 'array' then m.trailers else '[]' end
    ) with ordinality as t(value, position)
    order by t.position`),
};

type Expressions = Partial<Record<DocumentField, string>>;

const columnsOf = (fields: readonly DocumentField[], others: Expressions = {}) => {
  const read: Expressions = { ...expressions, ...others };
  return fields.map((field) => `${read[field] ?? `m.${field}`} as "${field}"`).join(',\n  ');
};

/** A list item, as columns of a sub-select over `movies m`. Their order is the order in JSON. */
export const listItemColumns = raw(columnsOf(['tmdb_id', ...itemFields]));

/**
 * The same as a row of its own: JSON for each row costs twice as much as the row. Genres are their ids, as to look up
 * their names for each movie costs more than all the rest.
 */
export const listItemRowColumns = raw(
  columnsOf(['tmdb_id', ...itemFields], {
    release_date: 'm.release_date::text',
    genres: `array_to_json(array(
      select genre_id from movie_genres g where g.movie_id = m.id order by g.position, g.genre_id))`,
  }),
);

/** A movie's document from its rows, as one column over `movies m`. The worker writes the same from TMDb's answer. */
export const documentColumn = raw(
  `(select row_to_json(d)::text from (select ${columnsOf(documentFields)}) d)`,
);
