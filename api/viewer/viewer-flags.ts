import type { ReadyBody } from '../http/answers/ready-body.ts';
import type { Viewer } from '../http/callers/viewer.ts';
import type { KnownFlags } from './known-flags.ts';
import { createOverlay, type MovieInBody } from './overlay.ts';

/** For `data` that is one movie. */
export const theMovie = (data: MovieInBody): MovieInBody[] => [data];
/** For a list of movies. */
export const eachMovie = (data: MovieInBody[]): MovieInBody[] => data;
/** For a list of which each entry has a movie in it. */
export const movieOfEach = (data: { movie: MovieInBody }[]): MovieInBody[] => data.map(({ movie }) => movie);

/**
 * Adds to every movie of an answer what the caller has said of it; a visitor gets the answer as it is. A promise only
 * where the store must be asked.
 */
export type WithViewerFlags = <Data, Meta>(
  body: ReadyBody<Data, Meta>,
  viewer: Viewer | undefined,
  /** Where in `data` the movies are. */
  moviesOf: (data: NoInfer<Data>) => MovieInBody[],
) => ReadyBody<Data, Meta> | Promise<ReadyBody<Data, Meta>>;

/** At most one statement per answer; none for what is known of a user since they last said something. */
export function createViewerFlags(known: KnownFlags): WithViewerFlags {
  const overlay = createOverlay();
  return <Data, Meta>(
    body: ReadyBody<Data, Meta>,
    viewer: Viewer | undefined,
    moviesOf: (data: Data) => MovieInBody[],
  ) => {
    if (viewer === undefined) return body;
    const places = overlay.placesOf(body, moviesOf);
    if (places.tmdbIds.length === 0) return body;
    const ready = known.ready(viewer, places.tmdbIds);
    if (ready !== undefined) return overlay.lay(body, places, ready);
    return known.read(viewer, places.tmdbIds).then((flags) => overlay.lay(body, places, flags));
  };
}
