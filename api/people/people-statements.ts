import { prepared, type Statement, sql } from '#shared/db/sql.ts';
import { isYoungEnough } from '#shared/movies/freshness.ts';
import type { ListReading } from '../http/answers/list-reads.ts';
import type { Actor } from './model.ts';

/** Nobody looks through more of them. */
const mostMatches = 300;

const inSomeCast = sql`exists (select 1 from credits where credits.person_id = p.id and credits.kind = 'cast')
  and ${isYoungEnough('p')}`;

const columns = sql`
  trunc(extract(epoch from coalesce(
    (select min(people.fetched_at) from shown join people on people.id = shown.id),
    (select max(fetched_at) from people),
    (select max(fetched_at) from movies),
    (select max(fetched_at) from list_snapshots)
  )) * 1000)::float8 as fetched_at_ms,
  (select count(*)::int from matched) as total,
  array_to_json(array(
    select row_to_json(item) from (
      select p.id, p.name, p.profile_path from shown join people p on p.id = shown.id order by shown.place
    ) item
  ))::text as data`;

export const popularPeopleStatement = prepared<{ limit: number }, ListReading<Actor>>(
  'api-people-popular',
  ({ limit }) => sql`
    with matched as materialized (
      select p.id, row_number() over (order by p.popularity desc nulls last, p.id) as place from people p
      where ${inSomeCast} order by p.popularity desc nulls last, p.id limit ${limit}::bigint
    ), shown as (select * from matched)
    select ${columns}`,
);

interface AskedPeople {
  limit: number;
  /** Just this name. */
  exact: string;
  /** What matches, */
  match: string;
  /** and what matches without any typo. */
  strict: string;
  /** The name as asked. */
  key: string;
}

/** Planned for its values: a rare name and a common one want different plans. */
export const peopleStatement = (asked: AskedPeople): Statement<ListReading<Actor>> => sql`
    with matched as materialized (
      (select p.id from person_names n join people p on p.id = n.person_id
      where n.words @@ ${asked.exact}::tsquery and ${inSomeCast} order by p.popularity desc nulls last, p.id limit ${mostMatches})
      union
      (select p.id from person_names n join people p on p.id = n.person_id
      where n.words @@ ${asked.match}::tsquery and ${inSomeCast} order by p.popularity desc nulls last, p.id limit ${mostMatches})
    ),
    ranked as (
      select p.id, n.words @@ ${asked.exact}::tsquery as is_exact,
        greatest(similarity(n.name_key, ${asked.key}::text), 0.9 * word_similarity(${asked.key}::text, n.name_key))
          + case when n.words @@ ${asked.strict}::tsquery then 0.3 else 0 end + 0.08 * ln(1 + greatest(p.popularity, 0)) as score
      from matched join people p on p.id = matched.id join person_names n on n.person_id = matched.id
    ),
    shown as materialized (
      select id, row_number() over (order by is_exact desc, score desc, id) as place from ranked
      order by is_exact desc, score desc, id limit ${asked.limit}::bigint
    )
    select ${columns}`;
