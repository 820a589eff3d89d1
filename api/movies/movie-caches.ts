import { createMirrorCache } from '../http/answers/mirror-cache.ts';
import { sizeInCache } from '../http/answers/packed.ts';
import { createReadyCache, type ReadyCache } from '../http/answers/ready-cache.ts';
import type { NoticeHub } from '../store/notice-hub.ts';
import type { Movie, RelatedMovie } from './model.ts';
import type { RenderedMovie } from './rendered-movie.ts';

const mebibyte = 1024 * 1024;
/** Names of people and keywords may change through other movies, of which no notice tells: not for long. */
const maxAgeMs = 10 * 60_000;
const sizeOf = (movie: { body: { bytes: Uint8Array } }) => sizeInCache(movie.body);

export interface MovieCaches {
  /** By TMDb id. */
  details: ReadyCache<number, RenderedMovie<Movie>>;
  /** What is made of several movies: the change of any drops it all. */
  lists: ReadyCache<string, RenderedMovie<RelatedMovie[]>>;
  drop(tmdbId: number): void;
}

/** The answers of movies that are ready, dropped as the worker's notices say. */
export function createMovieCaches(hub: NoticeHub): MovieCaches {
  const details = createReadyCache<number, RenderedMovie<Movie>>({
    maxBytes: 64 * mebibyte,
    maxAgeMs,
    sizeOf,
    trusted: () => hub.connected,
  });
  const lists = createMirrorCache<string, RenderedMovie<RelatedMovie[]>>(hub, {
    maxBytes: 16 * mebibyte,
    maxAgeMs,
    sizeOf,
  });
  hub.subscribe({
    onGap: () => details.clear(),
    onNotice(notice) {
      if (notice.kind === 'list') details.clear();
      if (notice.kind === 'movies') for (const id of notice.ids) details.drop(id);
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
