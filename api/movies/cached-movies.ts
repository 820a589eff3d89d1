import { isTooOld } from '#shared/movies/freshness.ts';
import type { Refresh } from '../http/answers/mirror-meta.ts';
import type { ReadyCache } from '../http/answers/ready-cache.ts';
import { type MovieRow, type Standing, standingOf } from './movie-row.ts';
import { asOutdated, type RenderedMovie, renderMovie, renderMovieAgain } from './rendered-movie.ts';
import type { SelectMovie } from './select-movie.ts';

export interface FoundMovie<Data, Language> {
  standing: Standing;
  reading: MovieRow<Data, Language>;
  /** Of a mirrored movie. */
  ready?: RenderedMovie<Data, Language>;
}

/** How one route reads movies: from the cache at once, or from the database and into the cache. */
export interface CachedMovies<Asked, Data, Language> {
  ready(asked: Asked): RenderedMovie<Data, Language> | undefined;
  read(asked: Asked): Promise<FoundMovie<Data, Language>>;
}

interface CachedMoviesOptions<Asked, Data, Language> {
  cache: ReadyCache<string, RenderedMovie<Data, Language>>;
  select: SelectMovie<Asked, Data, Language>;
  /** Asked for a movie of which there is something to show and `select` has nothing ready. */
  fallback?: SelectMovie<Asked, Data, Language>;
  keyOf: (asked: Asked) => string;
  askForRefresh: (tmdbId: number) => Refresh;
  /** Whether the database answers nobody: then something outdated is better than nothing. */
  storeIsSilent: () => boolean;
  /** Told of each answer that was at hand, or was found. */
  onReady?: (asked: Asked) => void;
  now: () => number;
}

export function createCachedMovies<
  Asked extends { tmdbId: number },
  Data,
  Language extends { asked: string },
>(options: CachedMoviesOptions<Asked, Data, Language>): CachedMovies<Asked, Data, Language> {
  const { cache, select, fallback, keyOf, askForRefresh, storeIsSilent, onReady, now } = options;

  /** Without `async`: a lone read is as long as the steps between its row and its answer. */
  const fromDatabase = (asked: Asked): Promise<FoundMovie<Data, Language>> =>
    select(asked).then((row) => {
      const selected = hideTooOld(row, now());
      const isShown = selected.state === 'listed' || selected.state === 'detailed';
      return selected.data === null && isShown && fallback
        ? fallback(asked).then((reading) => found(asked, reading))
        : found(asked, selected);
    });

  const found = (asked: Asked, reading: MovieRow<Data, Language>): FoundMovie<Data, Language> => {
    const nowMs = now();
    const standing = standingOf(reading, nowMs);
    const { data, room, fetched_at_ms: fetchedAtMs, stale_at_ms: staleAtMs, language, odd } = reading;
    if (standing !== 'mirrored' || data === null || fetchedAtMs === null) return { standing, reading };
    const source = {
      tmdbId: asked.tmdbId,
      data,
      room,
      fetchedAtMs,
      staleAtMs: staleAtMs ?? fetchedAtMs,
      language,
      odd,
    };
    const movie = renderMovie(source, askForRefresh, nowMs);
    onReady?.(asked);
    const key = keyOf(asked);
    movie.body.again = () => again(asked, key);
    return { standing, reading, ready: movie };
  };

  const outdated = (asked: Asked): RenderedMovie<Data, Language> | undefined => {
    const movie = cache.last(keyOf(asked));
    return movie && asOutdated(movie, now());
  };

  /** What is kept, if there is nothing to be done for it: nobody waits, and nothing is asked for. */
  const again = (asked: Asked, key: string) => {
    const movie = cache.get(key);
    const nowMs = now();
    if (movie === undefined || nowMs >= movie.renderAgainAtMs || isTooOld(movie.fetchedAtMs, nowMs))
      return undefined;
    onReady?.(asked);
    return movie.body;
  };
  const current = (asked: Asked): RenderedMovie<Data, Language> | undefined => {
    const movie = cache.get(keyOf(asked));
    if (movie === undefined) return storeIsSilent() ? outdated(asked) : undefined;
    const nowMs = now();
    if (isTooOld(movie.fetchedAtMs, nowMs)) return undefined;
    if (nowMs >= movie.renderAgainAtMs) renderMovieAgain(movie, askForRefresh, nowMs);
    return movie;
  };

  return {
    ready(asked) {
      const movie = current(asked);
      if (movie !== undefined) onReady?.(asked);
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

/** What is older than TMDb's terms allow is to its readers as if it had been purged. */
function hideTooOld<Data, Language>(
  reading: MovieRow<Data, Language>,
  nowMs: number,
): MovieRow<Data, Language> {
  const { state, fetched_at_ms: fetchedAtMs } = reading;
  if (fetchedAtMs === null || !isTooOld(fetchedAtMs, nowMs) || state === 'gone') return reading;
  return { ...reading, state: 'purged', data: null };
}
