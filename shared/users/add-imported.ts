import { raw, type Statement, sql } from '#shared/db/sql.ts';
import { clampFutureStatement } from './clamp-future-statement.ts';
import type { ImportList } from './user-import.ts';
import { ratingBounds } from './user-movie-rating.ts';

export interface ImportOfUser {
  id: string;
  user_id: string;
  list: ImportList;
  created_at: Date;
}

type Run = <Row>(statement: Statement<Row>) => Promise<Row[]>;

interface Counts {
  asked: number;
  added: number;
}

/** From these points of ten on (four stars), and up to those (one and a half), a rating is an opinion. */
const likedFrom = 8;
const dislikedTo = 3;

const none: Counts = { asked: 0, added: 0 };

/**
 * What matched rows say of their user: that something was watched or is to be, how it was rated, and, where they have
 * an opinion, which. What is there already stays as it is. Of two opinions on a movie the later one stands; one of an
 * unknown day is older than any that has one. Run it in a transaction that holds the user's row.
 * @returns how many interactions the rows asked for, and how many of them were new
 */
export async function addImported(run: Run, of: ImportOfUser, lines: readonly number[]): Promise<Counts> {
  if (lines.length === 0) return none;
  await run(clampFutureStatement({ userId: of.user_id }));
  await run(ratingsStatement(of, lines));
  const [plain = none] = of.list === 'likes' ? [] : await run(plainStatement(of, lines));
  const [opinions = none] = of.list === 'watchlist' ? [] : await run(opinionsStatement(of, lines));
  return { asked: plain.asked + opinions.asked, added: plain.added + opinions.added };
}

const rowsOf = (of: ImportOfUser, lines: readonly number[]) => sql`
  user_import_rows r join movies m on m.tmdb_id = r.tmdb_id
  where r.import_id = ${of.id} and r.line = any(${lines}::int[])`;

function plainStatement(of: ImportOfUser, lines: readonly number[]) {
  const type = of.list === 'watchlist' ? 'bookmarked' : 'watched';
  return sql<Counts>`
    with written as (
      insert into user_movie_interactions as known (user_id, movie_id, interaction_type, created_at, is_dated)
      select ${of.user_id}::uuid, m.id, ${type}, coalesce(min(r.at), ${of.created_at}::timestamptz), min(r.at) is not null
      from ${rowsOf(of, lines)}
      group by m.id order by m.id
      on conflict (user_id, movie_id, interaction_type) do update
      set created_at = excluded.created_at, is_dated = true where excluded.is_dated and not known.is_dated
      returning (xmax = 0) as is_new
    )
    select ${lines.length}::int as asked, (select count(*)::int from written where is_new) as added`;
}

/** Whether what a row says is later than what is known: only what has a day replaces what has one. */
const isLater = (at: 'created_at' | 'rated_at') => sql`(excluded.is_dated and not known.is_dated
  or excluded.is_dated = known.is_dated and ${raw(`known.${at} <= excluded.${at}`)})`;

function opinionsStatement(of: ImportOfUser, lines: readonly number[]) {
  const opinion =
    of.list === 'likes'
      ? sql`'liked'`
      : sql`case when r.rating >= ${likedFrom} then 'liked' when r.rating <= ${dislikedTo} then 'disliked' end`;
  return sql<Counts>`
    with opinions as materialized (
      select m.id as movie_id, r.line, ${opinion} as type, coalesce(r.at, ${of.created_at}::timestamptz) as at,
        r.at is not null as is_dated
      from ${rowsOf(of, lines)} and ${opinion} is not null
    ), before as materialized (
      select movie_id, interaction_type as type from user_movie_interactions
      where user_id = ${of.user_id} and movie_id in (select movie_id from opinions)
    ), written as (
      insert into user_movie_interactions as known (user_id, movie_id, interaction_type, created_at, is_dated)
      select distinct on (movie_id) ${of.user_id}::uuid, movie_id, type, at, is_dated
      from opinions order by movie_id, is_dated desc, at desc, line desc
      on conflict (user_id, movie_id) where interaction_type in ('liked', 'disliked')
      do update set interaction_type = excluded.interaction_type, created_at = excluded.created_at,
        is_dated = excluded.is_dated
        where case when known.interaction_type = excluded.interaction_type
          then excluded.is_dated and not known.is_dated else ${isLater('created_at')} end
      returning movie_id, interaction_type as type
    )
    select (select count(*)::int from opinions) as asked,
      (select count(*)::int from written where (movie_id, type) not in (select movie_id, type from before)) as added`;
}

function ratingsStatement(of: ImportOfUser, lines: readonly number[]) {
  return sql`
    insert into user_movie_ratings as known (user_id, movie_id, rating, rated_at, is_dated)
    select distinct on (m.id) ${of.user_id}::uuid, m.id,
      least(${ratingBounds.most}::float8, greatest(${ratingBounds.least}::float8, r.rating / 2))::numeric(3, 2),
      coalesce(r.rated_at, r.at, ${of.created_at}::timestamptz), coalesce(r.rated_at, r.at) is not null
    from ${rowsOf(of, lines)} and r.rating is not null
    order by m.id, coalesce(r.rated_at, r.at) is not null desc, coalesce(r.rated_at, r.at) desc, r.line desc
    on conflict (user_id, movie_id) do update
    set rating = excluded.rating, rated_at = excluded.rated_at, is_dated = excluded.is_dated
    where ${isLater('rated_at')}`;
}
