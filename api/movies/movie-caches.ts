import { createMirrorCache } from '../http/answers/mirror-cache.ts';
import type { InLanguage, InLanguages } from '../http/answers/model.ts';
import { sizeInCache } from '../http/answers/packed.ts';
import { createReadyCache, type ReadyCache } from '../http/answers/ready-cache.ts';
import { keyOfLocale, type Locale } from '../http/input/asked-locale.ts';
import type { NoticeHub } from '../store/notice-hub.ts';
import type { Movie, RelatedMovie } from './model.ts';
import type { RenderedMovie } from './rendered-movie.ts';

const mebibyte = 1024 * 1024;
/** Names of people and keywords may change through other movies, of which no notice tells: not for long. */
const maxAgeMs = 10 * 60_000;
const sizeOf = (movie: { body: { bytes: Uint8Array } }) => sizeInCache(movie.body);

const isOdd = ({ odd }: { odd: boolean }) => odd;

/** The key of a movie's details for a locale. */
export const keyOfDetail = (tmdbId: number, locale: Locale): string => `${tmdbId}/${keyOfLocale(locale)}`;
const idOfKey = (key: string): number => Number.parseInt(key, 10);

export interface MovieCaches {
  /** By TMDb id and locale: see `keyOfDetail`. */
  details: ReadyCache<string, RenderedMovie<Movie, InLanguages['language']>>;
  /** What is made of several movies: the change of any drops it all. */
  lists: ReadyCache<string, RenderedMovie<RelatedMovie[], InLanguage['language']>>;
  drop(tmdbId: number): void;
}

/** The answers of movies that are ready, dropped as the worker's notices say. */
export function createMovieCaches(hub: NoticeHub): MovieCaches {
  const details = createReadyCache<string, RenderedMovie<Movie, InLanguages['language']>>(
    { maxBytes: 64 * mebibyte, maxAgeMs, sizeOf, isOdd, trusted: () => hub.connected },
    idOfKey,
  );
  const lists = createMirrorCache<string, RenderedMovie<RelatedMovie[], InLanguage['language']>>(hub, {
    maxBytes: 16 * mebibyte,
    maxAgeMs,
    sizeOf,
    isOdd,
  });
  hub.subscribe({
    onGap: () => details.clear(),
    onNotice(notice) {
      if (notice.kind === 'list') details.clear();
      if (notice.kind === 'movies') for (const id of notice.ids) details.dropGroup(id);
    },
  });
  return {
    details,
    lists,
    drop(tmdbId) {
      details.dropGroup(tmdbId);
      lists.clear();
    },
  };
}
