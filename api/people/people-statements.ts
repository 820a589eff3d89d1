import {
  type Fragment,
  type Placeholder,
  type PlaceholdersOf,
  prepared,
  raw,
  type Statement,
  sql,
} from '#shared/db/sql.ts';
import { isYoungEnough } from '#shared/movies/freshness.ts';
import type { ListReading } from '../http/answers/list-reads.ts';
import { type Audience, visibleTo } from '../movies/audience.ts';
import type { StoredActor } from './model.ts';

/** Nobody looks through more of them. */
const mostMatches = 300;
/** Of those of one renown that match, so many are compared. */
const mostCompared = 500;
/** So many among the best known, and those of less renown are not looked at. */
const enoughMatches = 100;

const inCast = (person: string) =>
  sql`exists (select 1 from credits where credits.person_id = ${raw(person)} and credits.kind = 'cast')`;
const isCredited = (person: string) =>
  sql`exists (select 1 from credits where credits.person_id = ${raw(person)})`;

/** What people are known for is looked for among all their credits, but in no more of a page than these. */
const mostCredits = 20_000;
const mostKnownFor = 3;

interface KnownFor {
  audience: Audience | PlaceholdersOf<Audience>;
  /** How many people the page has. */
  limit: number | Placeholder<number>;
}

const knownFor = ({ audience, limit }: KnownFor) => sql`array_to_json(array(
        select row_to_json(known) from (
          select movies.tmdb_id, coalesce(movies.long_title, movies.title) as title
          from (
            select distinct movie_id from (
              select movie_id from credits where person_id = p.id limit ${raw(String(mostCredits))} / ${limit}::bigint
            ) looked
          ) credited join movies on movies.id = credited.movie_id
          where movies.state in ('listed', 'detailed') and ${visibleTo('movies', audience)}
          order by movies.vote_count desc nulls last, movies.tmdb_id limit ${raw(String(mostKnownFor))}
        ) known
      )) as known_for`;

const columnsFor = (asked: KnownFor) => sql`
  trunc(extract(epoch from coalesce(
    (select min(people.fetched_at) from shown join people on people.id = shown.id),
    (select max(fetched_at) from people),
    (select max(fetched_at) from movies),
    (select max(fetched_at) from list_snapshots)
  )) * 1000)::float8 as fetched_at_ms,
  (select count(*)::int from matched) as total,
  array_to_json(array(
    select row_to_json(item) from (
      select p.id, p.name, p.profile_path, p.known_for_department, ${knownFor(asked)}
      from shown join people p on p.id = shown.id order by shown.place
    ) item
  ))::text as data`;

export const popularPeopleStatement = prepared<{ limit: number } & Audience, ListReading<StoredActor>>(
  'api-people-popular',
  ({ limit, age, country }) => sql`
    with matched as materialized (
      select p.id, row_number() over (order by p.popularity desc nulls last, p.id) as place from people p
      where ${inCast('p.id')} and ${isYoungEnough('p')}
      order by p.popularity desc nulls last, p.id limit ${limit}::bigint
    ), shown as (select * from matched)
    select ${columnsFor({ audience: { age, country }, limit })}`,
);

interface AskedPeople extends AskedNames {
  limit: number;
  audience: Audience;
}

/** What is looked for. */
export interface AskedNames {
  /** Just this name. */
  exact: string;
  /** What matches, */
  match: string;
  /** and what matches without any typo. */
  strict: string;
  /** The name as asked. */
  key: string;
}

/**
 * The best known are looked through first, each renown by an index of its own: the beginning of a word matches every
 * twentieth name of all. Planned for its values: a rare name and a common one want different plans.
 */
export const peopleStatement = (asked: AskedPeople): Statement<ListReading<StoredActor>> => sql`
    with ${rankedPeople(asked, isCredited('n.person_id'))},
    shown as materialized (
      select id, row_number() over (order by is_exact desc, score desc, id) as place from ranked
      order by is_exact desc, score desc, id limit ${asked.limit}::bigint
    )
    select ${columnsFor(asked)}`;

/**
 * Common table expressions that end with `matched` (all that match) and `ranked (id, is_exact, score)`.
 * @param isShown a condition on `person_names n`
 */
export const rankedPeople = (asked: AskedNames, isShown: Fragment): Fragment => sql`
    ${among('found_exact', sql`n.words @@ ${asked.exact}::tsquery`, isShown)},
    ${among('found_best', sql`n.renown = 2 and n.words @@ ${asked.match}::tsquery`, isShown)},
    ${among('found_known', sql`n.renown >= 1 and n.words @@ ${asked.match}::tsquery and ${few('found_best')}`, isShown)},
    ${among('found_all', sql`n.words @@ ${asked.match}::tsquery and ${few('found_best')} and ${few('found_known')}`, isShown)},
    matched as materialized (
      select p.id, p.popularity, found.is_exact from (
        select person_id, bool_or(is_exact) as is_exact from (
          select person_id, true as is_exact from found_exact
          union all select person_id, false from found_best
          union all select person_id, false from found_known
          union all select person_id, false from found_all
        ) each group by person_id
      ) found join people p on p.id = found.person_id and ${isYoungEnough('p')}
      order by found.is_exact desc, p.popularity desc nulls last, p.id limit ${mostMatches}
    ),
    ranked as (
      select m.id, m.is_exact,
        greatest(similarity(n.name_key, ${asked.key}::text), 0.9 * word_similarity(${asked.key}::text, n.name_key))
          + case when n.words @@ ${asked.strict}::tsquery then 0.3 else 0 end + 0.08 * ln(1 + greatest(m.popularity, 0)) as score
      from matched m join person_names n on n.person_id = m.id
    )`;

const among = (
  name: string,
  matching: Fragment,
  isShown: Fragment,
): Fragment => sql`${raw(name)} as materialized (
      select n.person_id from person_names n where ${matching} and ${isShown} limit ${mostCompared}
    )`;
const few = (name: string) => sql`(select count(*) from ${raw(name)}) < ${enoughMatches}`;
