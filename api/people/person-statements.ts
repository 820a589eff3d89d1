import type { Pool } from 'pg';
import {
  type Fragment,
  type PlaceholdersOf,
  prepared,
  raw,
  sql,
  unknownList,
  unknownValue,
} from '#shared/db/sql.ts';
import { listItemColumns } from '#shared/movies/document-columns.ts';
import type { Unlocalized } from '../localization/localize-items.ts';
import { type Audience, visibleTo } from '../movies/audience.ts';
import type { MovieListItem } from '../movies/model.ts';
import { type RecordRow, recordColumns, recordOf } from '../records/record-row.ts';
import { selectByTurn } from '../store/select-by-turn.ts';
import type { Person } from './person-model.ts';

export interface PersonRow extends RecordRow {
  name: string | null;
  profile_path: string | null;
  known_for_department: string | null;
  popularity: number | null;
  details: Uint8Array | null;
  images: Uint8Array | null;
  external_ids: Uint8Array | null;
  translations: Uint8Array | null;
}

const parts = ['details', 'images', 'external_ids', 'translations'] as const;

const partJoins = raw(
  parts
    .map(
      (part) =>
        `left join record_parts ${part} on ${part}.kind = r.kind and ${part}.id = r.id and ${part}.part = '${part}'`,
    )
    .join('\n'),
);

const personOf = (asked: Fragment): Fragment => sql`
  ${recordColumns({ id: 'p.id', fetchedAt: 'p.fetched_at' })},
    p.name, p.profile_path, p.known_for_department, p.popularity,
    ${raw(parts.map((part) => `${part}.body as ${part}`).join(', '))}
  ${recordOf('person', asked)}
  left join people p on p.id = asked.id
  ${partJoins}`;

const one = prepared<{ id: number }, PersonRow>(
  'api-person',
  ({ id }) => sql`select ${personOf(sql`(select ${id}::int as id) asked`)}`,
);

/** `turn` is which of them a row is, from 1. */
const several = prepared<{ ids: number[] }, PersonRow & { turn: number }>(
  'api-several-people',
  ({ ids }) => sql`
    select asked.turn::int, ${personOf(sql`unnest(${unknownList(ids, 'int')}) with ordinality as asked(id, turn)`)}`,
);

/** People in the order in which they are asked for, one row each. */
export async function selectPeople(pool: Pool, ids: readonly number[]): Promise<PersonRow[]> {
  const rows = await selectByTurn(pool, ids, {
    one: (id) => one({ id }),
    several: (all) => several({ ids: [...all] }),
  });
  return rows.flat();
}

interface AskedFilms extends Audience {
  id: number;
  limit: number;
  offset: number;
}

type StoredMovie = Unlocalized<MovieListItem>;

/** A credit with its movie as it is stored. */
export type FoundCredit<Kind extends 'cast' | 'crew'> = Omit<Person['filmography'][Kind][number], 'movie'> & {
  movie: StoredMovie;
};

interface Films {
  cast_total: number;
  crew_total: number;
  cast: FoundCredit<'cast'>[];
  crew: FoundCredit<'crew'>[];
}

const page = (kind: 'cast' | 'crew', columns: string, asked: PlaceholdersOf<AskedFilms>): Fragment => sql`
  array_to_json(array(
    select row_to_json(credit) from (
      select ${raw(columns)}, c.credit_id, (select row_to_json(item) from (select ${listItemColumns}) item) as movie
      from (
        select * from credited where kind = ${raw(`'${kind}'`)}
        order by release_date desc nulls last, tmdb_id, position
        limit ${unknownValue(asked.limit, 'bigint')} offset ${unknownValue(asked.offset, 'bigint')}
      ) c
      join movies m on m.id = c.movie_id
      order by c.release_date desc nulls last, c.tmdb_id, c.position
    ) credit
  )) as ${raw(`"${kind}"`)}`;

/** A page of each kind, the newest first. Of 2,000 films only those of the page are read whole. */
const filmsFrom = (credits: 'person_credits' | 'credits') =>
  prepared<AskedFilms, Films>(
    `api-films-of-${credits}`,
    (asked) => sql`
      with credited as materialized (
        select c.movie_id, c.kind, c.credit_id, c.character, c.department, c.job, c.position,
          movies.tmdb_id, movies.release_date
        from ${raw(credits)} c join movies on movies.id = c.movie_id
        where c.person_id = ${unknownValue(asked.id, 'int')} and movies.state in ('listed', 'detailed')
          and ${visibleTo('movies', { age: asked.age, country: asked.country })}
      )
      select (select count(*)::int from credited where kind = 'cast') as cast_total,
        (select count(*)::int from credited where kind = 'crew') as crew_total,
        ${page('cast', 'c.character', asked)},
        ${page('crew', 'c.department, c.job', asked)}`,
  );

/** As TMDb gives them of the person. */
export const filmsStatement = filmsFrom('person_credits');
/** As far as mirrored movies name a person of whom no more is known. */
export const namedFilmsStatement = filmsFrom('credits');
