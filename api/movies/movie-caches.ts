import { sizeInCache } from '../http/answers/packed.ts';
import { createReadyCache, type ReadyCache } from '../http/answers/ready-cache.ts';
import type { NoticeHub } from '../store/notice-hub.ts';
import type { Movie, RelatedMovie } from './model.ts';
import type { ReadyMovie } from './rendered-movie.ts';

const mebibyte = 1024 * 1024;
/** Names of people and keywords may change through other movies, of which no notice tells: not for long. */
const maxAgeMs = 10 * 60_000;
const sizeOf = (movie: { body: { bytes: Uint8Array } }) => sizeInCache(movie.body);

export interface MovieCaches {
  /** By TMDb id. */
  details: ReadyCache<number, ReadyMovie<Movie>>;
  /** What is made of several movies: the change of any drops it all. */
  lists: ReadyCache<string, ReadyMovie<RelatedMovie[]>>;
  drop(tmdbId: number): void;
}

/** The answers of movies that are ready, dropped as the worker's notices say. */
export function createMovieCaches(hub: NoticeHub): MovieCaches {
  const trusted = () => hub.connected;
  const details = createReadyCache<number, ReadyMovie<Movie>>({
    maxBytes: 64 * mebibyte,
    maxAgeMs,
    sizeOf,
    trusted,
  });
  const lists = createReadyCache<string, ReadyMovie<RelatedMovie[]>>({
    maxBytes: 16 * mebibyte,
    maxAgeMs,
    sizeOf,
    trusted,
  });
  const clear = () => {
    details.clear();
    lists.clear();
  };
  hub.subscribe({
    onGap: clear,
    onNotice(notice) {
      if (notice.kind === 'list') clear();
      if (notice.kind !== 'movies') return;
      lists.clear();
      for (const id of notice.ids) details.drop(id);
    },
  });
  return {
    details,
    lists,
    drop(tmdbId) {
      details.drop(tmdbId);
      lists.clear();
    },
  };
}
