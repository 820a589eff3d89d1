import type { Pool } from 'pg';
import { type Fragment, prepared, sql, unknownList } from '#shared/db/sql.ts';
import { isStale, purgeAfterMs } from '#shared/movies/freshness.ts';
import type { MovieState } from '#shared/movies/movie.ts';
import { emptyParts, type MoviePartName } from '#shared/movies/movie-parts.ts';
import { unpackPart } from '#shared/movies/stored-parts.ts';
import { readingColumns, standingOf } from '../../movies/movie-row.ts';
import type { MovieService } from '../../movies/service.ts';
import { byKey, gatherReads } from '../../store/gather-reads.ts';
import { queryStore } from '../../store/query-store.ts';
import { selectByTurn } from '../../store/select-by-turn.ts';
import type { ThinSearches } from '../lists/thin-searches.ts';
import { idOf } from '../wire/asked-query.ts';
import { TmdbFailure } from '../wire/tmdb-failure.ts';

/** The parts of a movie as texts, by name. */
export type MovieTexts = ReadonlyMap<MoviePartName, string>;

export interface ReadMovie {
  texts: MovieTexts;
  /** When TMDb gave the oldest of them. */
  fetchedAtMs: number;
}

interface Row {
  state: MovieState | null;
  fetched_at_ms: number | null;
  stale_at_ms: number | null;
  moved_to: number | null;
  absent_at_ms: number | null;
  has_parts: boolean;
  part: MoviePartName | null;
  body: Uint8Array | null;
  /** If it is older than the rest. */
  part_fetched_at_ms: number | null;
}

interface Asked {
  tmdbId: number;
  parts: readonly MoviePartName[];
  /** TMDb merged another one into it, which was asked for. */
  isMoved?: boolean;
}

/** How a movie stands, with each of the stored parts; one row at least. */
const rowsOf = (asked: Fragment): Fragment => sql`
  ${readingColumns('m', sql`asked.tmdb_id`)}, m.has_parts, p.part, p.body,
    (extract(epoch from p.fetched_at) * 1000)::float8 as part_fetched_at_ms
  from ${asked} left join (
    select *, state = 'detailed' and parts_version is not null
      and fetched_at > now() - ${purgeAfterMs} * interval '1 millisecond' as has_parts
    from movies
  ) m on m.tmdb_id = asked.tmdb_id
  left join movie_parts p on m.has_parts and p.movie_id = m.id and p.part = any(asked.parts)`;

const movieStatement = prepared<Asked, Row>(
  'api-facade-movie',
  ({ tmdbId, parts }) =>
    sql`select ${rowsOf(sql`(select ${tmdbId}::int as tmdb_id, ${parts}::text[] as parts) asked`)}`,
);

/** Of several movies. `turn` is which of them a row is of, from 1. */
const moviesStatement = prepared<{ tmdbIds: number[]; parts: string[] }, Row & { turn: number }>(
  'api-facade-movies',
  ({ tmdbIds, parts }) => sql`
    select asked.turn, ${rowsOf(sql`(
      select tmdb_id, string_to_array(parts, ',') as parts, turn::int
      from unnest(${unknownList(tmdbIds, 'int')}, ${unknownList(parts, 'text')})
        with ordinality as list(tmdb_id, parts, turn)
    ) asked`)}`,
);

const selectMovies = (pool: Pool, asked: readonly Asked[]) =>
  selectByTurn(pool, asked, {
    one: movieStatement,
    several: (all) =>
      moviesStatement({
        tmdbIds: all.map(({ tmdbId }) => tmdbId),
        parts: all.map(({ parts }) => parts.join()),
      }),
  });

const idStatement = prepared<{ imdbId: string }, { tmdb_id: number }>(
  'api-facade-imdb-id',
  ({ imdbId }) => sql`
    select tmdb_id from movies where imdb_id = ${imdbId} and state in ('listed', 'detailed')
    order by popularity desc nulls last, tmdb_id limit 1`,
);

/** How long a request waits for a movie that the mirror lacks: clients of TMDb know no answer that says "not yet". */
export const longestWaitMs = 5000;
const retryAfterMs = 2000;

interface MovieReader {
  /** @throws {TmdbFailure} 34 for what TMDb does not have; 9 for what is not here in time */
  read(asked: Asked, address: string): Promise<ReadMovie>;
  /**
   * The id behind `550`, `550-fight-club` or `tt0137523`. One of IMDb's that nobody knows is asked for upstream, for
   * whoever comes next. @throws {TmdbFailure} 34
   */
  idOf(text: string, addressOf: () => string): number | Promise<number>;
}

interface MovieReaderDeps {
  pool: Pool;
  movies: Pick<MovieService, 'fetch' | 'refresh'>;
  thin: ThinSearches;
  waitMs: number;
  now: () => number;
}

export function createMovieReader({ pool, movies, thin, waitMs, now }: MovieReaderDeps): MovieReader {
  const select = gatherReads({
    ...byKey,
    readAll: (asked: readonly Asked[]) => selectMovies(pool, asked),
  });
  const fromStore = async (asked: Asked): Promise<ReadMovie | undefined> => {
    const rows = await select(asked);
    const [first] = rows;
    if (first === undefined) throw new Error('a movie without a row');
    if (first.has_parts) {
      const fetchedAtMs = first.fetched_at_ms ?? 0;
      if (isStale({ fetchedAtMs, staleAtMs: first.stale_at_ms ?? 0 }, now())) movies.refresh(asked.tmdbId);
      const oldestMs = Math.min(fetchedAtMs, ...rows.map((row) => row.part_fetched_at_ms ?? fetchedAtMs));
      return { texts: textsOf(rows, asked.parts), fetchedAtMs: oldestMs };
    }
    // Of a merge, only the last movie is asked for: it leads nowhere else.
    if (first.moved_to !== null && !asked.isMoved)
      return fromStore({ ...asked, tmdbId: first.moved_to, isMoved: true });
    const standing = standingOf(first, now());
    if (standing === 'gone' || standing === 'absent') throw new TmdbFailure(34);
    return undefined;
  };
  const idOfImdb = async (imdbId: string, addressOf: () => string): Promise<number> => {
    const [found] = await queryStore(pool, idStatement({ imdbId }));
    if (found !== undefined) return found.tmdb_id;
    thin.askFor({ kind: 'imdb_id', query: imdbId }, addressOf());
    throw new TmdbFailure(34);
  };
  return {
    async read(asked, address) {
      const untilMs = now() + waitMs;
      let hasNews = true;
      for (;;) {
        const found = await fromStore(asked);
        if (found !== undefined) return found;
        const leftMs = untilMs - now();
        if (!hasNews || leftMs <= 0) throw new TmdbFailure(9, { retryAfterMs });
        // A movie that is mirrored without its parts is no news yet: the next look comes with the next notice or poll.
        hasNews = await movies.fetch(asked.tmdbId, address, leftMs);
      }
    },
    idOf: (text, addressOf) => (/^tt\d{7,9}$/.test(text) ? idOfImdb(text, addressOf) : idOf(text)),
  };
}

function textsOf(rows: readonly Row[], parts: readonly MoviePartName[]): MovieTexts {
  const stored = new Map(rows.map(({ part, body }) => [part, body]));
  return new Map(
    parts.map((part) => {
      const body = stored.get(part) ?? null;
      const empty = part === 'details' ? '{}' : emptyParts[part];
      return [part, body === null ? empty : unpackPart(body)];
    }),
  );
}
