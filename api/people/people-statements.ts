import type { ListReading } from '../http/answers/list-reads.ts';
import type { Statement } from '../store/query-store.ts';
import type { Actor } from './model.ts';

/** Nobody looks through more of them. */
const mostMatches = 300;

const inSomeCast = `exists (select 1 from credits where credits.person_id = p.id and credits.kind = 'cast')`;

const columns = `
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

/** $1: how many. */
export const popularPeopleStatement: Statement<ListReading<Actor>> = {
  name: 'api-people-popular',
  text: `
    with matched as materialized (
      select p.id, row_number() over (order by p.popularity desc nulls last, p.id) as place from people p
      where ${inSomeCast} order by p.popularity desc nulls last, p.id limit $1::bigint
    ), shown as (select * from matched)
    select ${columns}`,
};

/**
 * $1: how many, $2: just this name, $3: what matches, $4: what matches without any typo, $5: the name as asked.
 * Planned for its values: a rare name and a common one want different plans.
 */
export const peopleStatement: Statement<ListReading<Actor>> = {
  text: `
    with matched as materialized (
      (select p.id from person_names n join people p on p.id = n.person_id
      where n.words @@ $2::tsquery and ${inSomeCast} order by p.popularity desc nulls last, p.id limit ${mostMatches})
      union
      (select p.id from person_names n join people p on p.id = n.person_id
      where n.words @@ $3::tsquery and ${inSomeCast} order by p.popularity desc nulls last, p.id limit ${mostMatches})
    ),
    ranked as (
      select p.id, n.words @@ $2::tsquery as is_exact,
        greatest(similarity(n.name_key, $5::text), 0.9 * word_similarity($5::text, n.name_key))
          + case when n.words @@ $4::tsquery then 0.3 else 0 end + 0.08 * ln(1 + greatest(p.popularity, 0)) as score
      from matched join people p on p.id = matched.id join person_names n on n.person_id = matched.id
    ),
    shown as materialized (
      select id, row_number() over (order by is_exact desc, score desc, id) as place from ranked
      order by is_exact desc, score desc, id limit $1::bigint
    )
    select ${columns}`,
};
