import type { ReadyBody } from '../http/answers/ready-body.ts';
import type { Viewer } from '../http/callers/viewer.ts';
import type { Flags } from './flags.ts';
import type { KnownFlags } from './known-flags.ts';
import { createOverlay, type MovieInBody, type Places } from './overlay.ts';

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

interface Laying<Data> {
  places: Places;
  flags: Flags[];
  moviesOf: (data: Data) => MovieInBody[];
}

/** At most one statement per answer; none for what is known of a user since they last said something. */
export function createViewerFlags(known: KnownFlags): WithViewerFlags {
  const overlay = createOverlay();
  /** What the caller gets of what the body is by then. */
  const againOf =
    <Data, Meta>(
      { again }: ReadyBody<Data, Meta>,
      moviesOf: (data: Data) => MovieInBody[],
    ): ReadyBody<Data, Meta>['again'] =>
    (viewer) => {
      const body = again?.(viewer);
      if (body === undefined || viewer === undefined) return undefined;
      const places = overlay.placesOf(body, moviesOf);
      const flags = known.ready(viewer, places.tmdbIds);
      return flags && lay(body, { places, flags, moviesOf });
    };
  const lay = <Data, Meta>(body: ReadyBody<Data, Meta>, { places, flags, moviesOf }: Laying<Data>) => {
    const laid = overlay.lay(body, places, flags);
    if (body.again !== undefined) laid.again ??= againOf(body, moviesOf);
    return laid;
  };
  return <Data, Meta>(
    body: ReadyBody<Data, Meta>,
    viewer: Viewer | undefined,
    moviesOf: (data: Data) => MovieInBody[],
  ) => {
    if (viewer === undefined) return body;
    const places = overlay.placesOf(body, moviesOf);
    const ready = known.ready(viewer, places.tmdbIds);
    if (ready !== undefined) return lay(body, { places, flags: ready, moviesOf });
    return known.read(viewer, places.tmdbIds).then((flags) => lay(body, { places, flags, moviesOf }));
  };
}
