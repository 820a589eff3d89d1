import type { Pool } from 'pg';
import type { Refresh } from '../reads/mirror-meta.ts';
import { queryStore, type Statement } from '../reads/query-store.ts';
import type { ReadyCache } from '../reads/ready-cache.ts';
import type { MovieReading } from './movie-reading.ts';
import { type ReadyMovie, readyMovie, renderAgain } from './ready-movie.ts';
import { type Standing, standingOf } from './standing.ts';

export interface FoundMovie {
  standing: Standing;
  reading: MovieReading;
  /** Of a mirrored movie. */
  ready?: ReadyMovie;
}

/** How one route reads movies: from the cache at once, or from the database and into the cache. */
export interface MovieReads<Asked> {
  ready(asked: Asked): ReadyMovie | undefined;
  read(asked: Asked): Promise<FoundMovie>;
}

interface MovieReadsOptions<Asked, Key> {
  pool: Pool;
  cache: ReadyCache<Key, ReadyMovie>;
  statement: Statement;
  /** Asked for a movie of which there is something to show and `statement` has nothing ready. */
  fallback?: Statement;
  keyOf: (asked: Asked) => Key;
  valuesOf: (asked: Asked) => unknown[];
  askForRefresh: (tmdbId: number) => Refresh;
  now: () => number;
}

export function createMovieReads<Asked extends { tmdbId: number }, Key>(
  options: MovieReadsOptions<Asked, Key>,
): MovieReads<Asked> {
  const { pool, cache, statement, fallback, keyOf, valuesOf, askForRefresh, now } = options;

  const select = async (from: Statement, asked: Asked): Promise<MovieReading> => {
    const [reading] = await queryStore<MovieReading>(pool, from, valuesOf(asked));
    if (reading === undefined) throw new Error(`${from.name} selected no row`);
    return reading;
  };

  const readRow = async (asked: Asked): Promise<MovieReading> => {
    const reading = await select(statement, asked);
    const isShown = reading.state === 'listed' || reading.state === 'detailed';
    return reading.data === null && isShown && fallback ? select(fallback, asked) : reading;
  };

  const fromDatabase = async (asked: Asked): Promise<FoundMovie> => {
    const reading = await readRow(asked);
    const nowMs = now();
    const standing = standingOf(reading, nowMs);
    const { data, fetched_at_ms: fetchedAtMs, release_date: releaseDate } = reading;
    if (standing !== 'mirrored' || data === null || fetchedAtMs === null) return { standing, reading };
    const source = { tmdbId: asked.tmdbId, data, fetchedAtMs, releaseDate };
    return { standing, reading, ready: readyMovie(source, askForRefresh, nowMs) };
  };

  return {
    ready(asked) {
      const movie = cache.get(keyOf(asked));
      if (movie === undefined) return undefined;
      const nowMs = now();
      if (nowMs >= movie.renderAgainAtMs) renderAgain(movie, askForRefresh, nowMs);
      return movie;
    },
    read: (asked) =>
      cache.load(
        keyOf(asked),
        () => fromDatabase(asked),
        (found) => found.ready,
      ),
  };
}
