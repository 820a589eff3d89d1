import { runStatement } from '#shared/db/run-statement.ts';
import { type Fragment, raw, sql } from '#shared/db/sql.ts';
import { notedOrders, orderNames, orderTerm, releasesTerm } from '#shared/movies/noted-lists.ts';
import { creditedTerm, leastWrittenTerm } from '#shared/movies/term-codes.ts';
import type { Sql } from '../store/write-transaction.ts';

/** Movies of a term that fewer have are looked up one by one, and so are those of a person with fewer credits. */
const leastMovies = 8;
const leastCredits = 30;

const isListed = sql`m.state in ('listed', 'detailed')`;

/**
 * Notes in `noted_ids` what `noted-lists.ts` names, and the ids of the movies that have each term of which no bits are kept, or in
 * which the same person often has a part.
 * @param options.common the terms whose bits are kept
 * @param options.reach ids below are noted
 */
export async function noteIds(
  on: Sql,
  { common, reach, signal }: { common: readonly number[]; reach: number; signal: AbortSignal },
): Promise<void> {
  // One statement for all movies and terms takes long where there are very many. Nobody waits for it.
  await runStatement(on, sql`set local statement_timeout = 0`);
  await replaceLists(on, sql`term < ${leastWrittenTerm}::bigint`, listsOfTerms(common, reach));
  signal.throwIfAborted();
  for (const name of orderNames) {
    const { known, by, rest }: { known: string; by: string; rest?: string } = notedOrders[name];
    await saveOrder(on, orderTerm(name, 'known'), { only: raw(known), by: raw(by), reach });
    const others = raw(`(${known}) is not true`);
    if (rest !== undefined)
      await saveOrder(on, orderTerm(name, 'rest'), { only: others, by: raw(rest), reach });
    signal.throwIfAborted();
  }
  await replaceLists(on, isOfCountry, await listsOfReleases(on, reach));
  signal.throwIfAborted();
  await replaceLists(on, isOfPerson, listsOfCredits(reach));
}

const leastCredited = creditedTerm(0, 'cast');
const isOfPerson = sql`term >= ${leastCredited}::bigint`;
/** Lists of countries are above those of orders. */
const isOfCountry = sql`term >= ${releasesTerm('AA')}::bigint and term < ${leastCredited}::bigint`;

/** @param place which lists these are all of @param lists selects `term, ids` */
async function replaceLists(on: Sql, place: Fragment, lists: Fragment): Promise<void> {
  await runStatement(
    on,
    sql`
      with made as materialized (${lists}),
      gone as (delete from noted_ids where ${place} and not exists (select from made where made.term = noted_ids.term))
      insert into noted_ids as n (term, ids) select term, ids from made
      on conflict (term) do update set ids = excluded.ids where n.ids <> excluded.ids`,
  );
}

const listsOfTerms = (common: readonly number[], reach: number): Fragment => sql`
        select term, string_agg(int4send(tmdb_id), ''::bytea) as ids
        from (
          select own.term, m.tmdb_id
          from movie_terms t join movies m on m.id = t.movie_id cross join unnest(t.terms) as own(term)
          where ${isListed} and m.tmdb_id < ${reach}::int and own.term < ${leastWrittenTerm}::bigint
            and own.term <> all(${common}::bigint[])
          order by own.term, m.tmdb_id
        ) sorted
        group by term having count(*) >= ${leastMovies}::int`;

async function saveOrder(
  on: Sql,
  term: number,
  { only, by, reach }: { only: Fragment; by: Fragment; reach: number },
): Promise<void> {
  await runStatement(
    on,
    sql`
      insert into noted_ids as n (term, ids)
      select ${term}::bigint, coalesce(string_agg(int4send(tmdb_id), ''::bytea), '')
      from (
        select m.tmdb_id from movies m where ${isListed} and ${only} and m.tmdb_id < ${reach}::int order by ${by}
      ) sorted
      on conflict (term) do update set ids = excluded.ids where n.ids <> excluded.ids`,
  );
}

/** The days and the ids of each country in turn. */
async function listsOfReleases(on: Sql, reach: number): Promise<Fragment> {
  const rows = await runStatement(
    on,
    sql<{ country: string }>`
      with recursive found as (
        (select country from movie_releases where release_date is not null order by country limit 1)
        union all
        select (select country from movie_releases where release_date is not null and country > found.country order by country limit 1)
        from found where country is not null
      )
      select country from found where country ~ '^[A-Z]{2}$'`,
  );
  const countries = rows.map(({ country }) => country);
  return sql`
        select asked.term, string_agg(int4send(day) || int4send(tmdb_id), ''::bytea) as ids
        from unnest(${countries}::text[], ${countries.map(releasesTerm)}::bigint[]) as asked(country, term)
        join lateral (
          select r.release_date - date '1970-01-01' as day, m.tmdb_id
          from movie_releases r join movies m on m.id = r.movie_id
          where r.country = asked.country and r.release_date is not null and ${isListed} and m.tmdb_id < ${reach}::int
          order by r.release_date, m.tmdb_id
        ) sorted on true
        group by asked.term`;
}

/** Who has many credits is seen in an index alone. */
const listsOfCredits = (reach: number): Fragment => sql`
        select sorted.term, string_agg(int4send(tmdb_id), ''::bytea) as ids
        from (select person_id from credits group by person_id having count(*) >= ${leastCredits}::int) busy
        cross join lateral (
          select distinct m.tmdb_id,
            case when c.kind = 'cast' then ${leastCredited}::bigint else ${creditedTerm(0, 'crew')}::bigint end + busy.person_id as term
          from credits c join movies m on m.id = c.movie_id
          where c.person_id = busy.person_id and ${isListed} and m.tmdb_id < ${reach}::int
          order by term, tmdb_id
        ) sorted
        group by sorted.term`;
