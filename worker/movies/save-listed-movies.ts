import { raw, sql } from '#shared/db/sql.ts';
import { genreBitsOf } from '#shared/movies/genre-bits.ts';
import { type ListedColumn, listedColumns, type MirroredValues } from '#shared/movies/mirrored-columns.ts';
import { runRepeated } from '#worker/store/run-repeated.ts';
import type { Sql } from '#worker/store/write-transaction.ts';
import type { ListedMovie } from '../tmdb/wire/mirrored-movie.ts';
import { columnListsOf } from './column-lists.ts';
import { splitTitle } from './split-title.ts';

export interface SavedListed {
  /** tmdb_ids of the rows that this call wrote. */
  changed: number[];
  created: number;
  updated: number;
  /** Our ids by TMDb's, of all rows that are there by then. */
  ids: ReadonlyMap<number, string | number>;
}

export interface AwaitedDetails {
  /** Up to which scope they are asked for. */
  scope: number;
  /** Since when those who are under way were taken up. What was tried before may have failed. */
  since: Date;
}

export interface ListedOptions {
  scope: number | null;
  now: Date;
  /** Ids that wait for their first details are left to them: they are asked for anyway. */
  awaited?: AwaitedDetails | undefined;
}

/**
 * Upserts what a list said of movies, in one statement, and never over what is known better: a detailed or gone
 * row keeps its content. `scope` is why `details` should fill them (`null`: known only as a relation); a row
 * keeps the strongest reason it ever had.
 */
export async function saveListedMovies(
  on: Sql,
  movies: readonly ListedMovie[],
  options: ListedOptions,
): Promise<SavedListed> {
  if (movies.length === 0) return { changed: [], created: 0, updated: 0, ids: new Map() };
  const asked = new Set(movies.map(({ tmdb_id }) => tmdb_id));
  const { ids, open } = await readStored(on, asked, options);
  // In a full sync none is left, of thousands of relations.
  const rows = rowsOf(asked.size > ids.size || open.size > 0 ? movies : [], ({ tmdb_id }) => {
    return open.has(tmdb_id) || !ids.has(tmdb_id);
  });
  const json = JSON.stringify(rows);
  const written = rows.length === 0 ? [] : await upsertRows(on, json, options);
  for (const { tmdb_id, id } of written) ids.set(tmdb_id, id);
  // Those that somebody else has written meanwhile.
  const missed = rows.filter(({ tmdb_id }) => !ids.has(tmdb_id)).map(({ tmdb_id }) => tmdb_id);
  if (missed.length > 0)
    for (const [tmdbId, id] of (await readStored(on, new Set(missed), options)).ids) ids.set(tmdbId, id);
  if (options.scope !== null) await raiseScope(on, [...asked], options.scope);
  if (written.length > 0)
    await replaceListedGenres(
      on,
      json,
      written.map((row) => row.id),
    );
  return {
    changed: written.map((row) => row.tmdb_id),
    created: written.filter((row) => row.created).length,
    updated: written.filter((row) => !row.created).length,
    ids,
  };
}

/** Each once, as it is named last. */
function rowsOf(movies: readonly ListedMovie[], isWanted: (movie: ListedMovie) => boolean): ListedRow[] {
  const distinct = new Map(movies.filter(isWanted).map((movie) => [movie.tmdb_id, movie]));
  return [...distinct.values()]
    .sort((a, b) => a.tmdb_id - b.tmdb_id)
    .map((movie) => ({ ...movie, ...splitTitle(movie.title) }));
}

/** Every column that a list fills, or it does not compile. */
type ListedRow = Pick<MirroredValues, ListedColumn> & Pick<ListedMovie, 'tmdb_id' | 'genre_ids'>;

interface WrittenRow {
  id: string;
  tmdb_id: number;
  created: boolean;
}

const { names, values, types, replacements } = columnListsOf(listedColumns);

/** What is no opinion of the day: a new value of these is always written. */
const facts = listedColumns.filter((column) => !/^(popularity|vote_)/.test(column));
const factsOf = (row: 'i' | 'k') => raw(facts.map((column) => `${row}.${column}`).join(', '));

/** Whether the figures are so near that a reader sees the same movie. */
const areFiguresNear = sql`
  abs(coalesce(k.vote_average, 0) - coalesce(i.vote_average, 0)) <= 0.1
    and abs(coalesce(k.vote_count, 0) - coalesce(i.vote_count, 0)) <= greatest(5, coalesce(k.vote_count, 0) / 10)
    and abs(coalesce(k.popularity, 0) - coalesce(i.popularity, 0)) <= greatest(0.5, coalesce(k.popularity, 0) / 10)`;

/** Rows that no list changes, whatever it says. */
const isLeft = ({ awaited }: ListedOptions) => sql`
  (k.state in ('detailed', 'gone') or (k.state = 'unknown' and k.scope <= ${awaited?.scope ?? 0}
    and (k.attempted_at is null or k.attempted_at >= ${awaited?.since ?? null}::timestamptz)))`;

interface StoredRows {
  ids: Map<number, string | number>;
  /** Those that a list may change. */
  open: ReadonlySet<number>;
}

/**
 * What is left need not be sent: of the relations of a movie that is mirrored among others, that is nearly all. Their ids
 * come and go as one text each: as a parameter of the driver's and as rows, thousands take it fifteen times as long.
 */
async function readStored(on: Sql, asked: ReadonlySet<number>, options: ListedOptions): Promise<StoredRows> {
  const [row] = await runRepeated(
    on,
    sql<Record<'ids' | 'tmdb_ids' | 'open', string | null>>`
    select array_agg(k.tmdb_id)::text as tmdb_ids, array_agg(k.id)::text as ids,
      array_agg(k.tmdb_id) filter (where not coalesce(${isLeft(options)}, false))::text as open
    from movies k where k.tmdb_id = any(${`{${[...asked].join()}}`}::int[])`,
  );
  const ids = numbersOf(row?.ids);
  return {
    ids: new Map(numbersOf(row?.tmdb_ids).map((tmdbId, index) => [tmdbId, ids[index] ?? 0])),
    open: new Set(numbersOf(row?.open)),
  };
}

/** Of an array as PostgreSQL writes it. */
const numbersOf = (array: string | null | undefined): number[] =>
  array == null ? [] : JSON.parse(`[${array.slice(1, -1)}]`);

/**
 * Rows that need no writing. Most relations repeat: one that was read today says the same if its facts do, and one of
 * this week, if its figures moved little. A row of `movies` stands in many indexes, so that each that is left counts.
 */
const isKnownBetter = (options: ListedOptions) => sql`
  ${isLeft(options)}
    or (k.state = 'listed' and k.fetched_at > ${options.now}::timestamptz - interval '7 days'
      and (${factsOf('k')}) is not distinct from (${factsOf('i')})
      and (k.fetched_at > ${options.now}::timestamptz - interval '1 day' or (${areFiguresNear})))`;

async function upsertRows(on: Sql, json: string, options: ListedOptions) {
  const { scope, now } = options;
  const rows = await runRepeated(
    on,
    sql<WrittenRow>`
    insert into movies as m (tmdb_id, state, scope, ${names}, genre_bits, fetched_at, updated_at)
    select i.tmdb_id, 'listed', ${scope}::smallint, ${values},
      (select ${raw(genreBitsOf('g.id'))} from genres g where g.id = any(i.genre_ids)), ${now}, ${now}
    from json_to_recordset(${json}::json) as i(tmdb_id int, genre_ids int[], ${types})
    where not exists (select 1 from movies k where k.tmdb_id = i.tmdb_id and (${isKnownBetter(options)}))
    order by i.tmdb_id
    on conflict (tmdb_id) do update set state = 'listed', ${replacements},
      genre_bits = excluded.genre_bits, fetched_at = excluded.fetched_at, updated_at = excluded.updated_at
    where m.state not in ('detailed', 'gone')
    returning id, tmdb_id, (xmax = 0) as created`,
  );
  return rows;
}

async function raiseScope(on: Sql, tmdbIds: number[], scope: number) {
  await runRepeated(
    on,
    sql`
    update movies set scope = ${scope}::smallint where id in (
      select id from movies where tmdb_id = any(${tmdbIds}::int[]) and (scope is null or scope > ${scope})
      order by tmdb_id for update)`,
  );
}

/** Genre ids that the genre list does not have are left out: a list gives them no name. */
async function replaceListedGenres(on: Sql, json: string, ids: string[]) {
  await runRepeated(
    on,
    sql`
    with listed as materialized (
      select m.id as movie_id, g.id as genre_id, (min(e.position) - 1)::smallint as position
      from json_to_recordset(${json}::json) as i(tmdb_id int, genre_ids int[])
      join movies m on m.tmdb_id = i.tmdb_id and m.id = any(${ids}::bigint[])
      cross join unnest(i.genre_ids) with ordinality as e(genre_id, position)
      join genres g on g.id = e.genre_id
      group by m.id, g.id
    ), left_out as (
      delete from movie_genres t where movie_id = any(${ids}::bigint[])
        and not exists (select 1 from listed l where l.movie_id = t.movie_id and l.genre_id = t.genre_id)
    )
    insert into movie_genres as t (movie_id, genre_id, position)
    select movie_id, genre_id, position from listed l
    where not exists (select 1 from movie_genres k
      where k.movie_id = l.movie_id and k.genre_id = l.genre_id and k.position = l.position)
    on conflict (movie_id, genre_id) do update set position = excluded.position`,
  );
}
