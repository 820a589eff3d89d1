import type { Pool } from 'pg';
import { prepared, sql } from '#shared/db/sql.ts';
import { type ReadyBody, withData } from '../http/answers/ready-body.ts';
import type { Viewer } from '../http/callers/viewer.ts';
import { jsonText } from '../http/contract/answer.ts';
import { queryStore } from '../store/query-store.ts';
import { viewerColumn } from './viewer-column.ts';

interface Flags {
  liked: boolean;
  disliked: boolean;
  bookmarked: boolean;
  watched: boolean;
  hidden: boolean;
  rating: number | null;
}

interface MovieInBody {
  tmdb_id: number;
  viewer?: Flags | undefined;
}

/** For `data` that is one movie. */
export const theMovie = (data: MovieInBody): MovieInBody[] => [data];
/** For a list of movies. */
export const eachMovie = (data: MovieInBody[]): MovieInBody[] => data;
/** For a list of which each entry has a movie in it. */
export const movieOfEach = (data: { movie: MovieInBody }[]): MovieInBody[] => data.map(({ movie }) => movie);

const flagsStatement = prepared<{ userId: string; tmdbIds: number[] }, { tmdb_id: number; viewer: Flags }>(
  'api-viewer-flags',
  ({ userId, tmdbIds }) => sql`
    select m.tmdb_id, ${viewerColumn('m', userId)} as viewer
    from movies m
    where m.tmdb_id = any(${tmdbIds}::int[])`,
);

const nothingSaid: Flags = {
  liked: false,
  disliked: false,
  bookmarked: false,
  watched: false,
  hidden: false,
  rating: null,
};
const decoder = new TextDecoder();

/** Adds to every movie of an answer what the caller has said of it; a visitor gets the answer as it is. */
export type WithViewerFlags = <Data, Meta>(
  body: ReadyBody<Data, Meta>,
  viewer: Viewer | undefined,
  /** Where in `data` the movies are. */
  moviesOf: (data: NoInfer<Data>) => MovieInBody[],
) => Promise<ReadyBody<Data, Meta>>;

/** One statement per answer. Nothing is cached, so that a user's own writes show at once. */
export function createViewerFlags({ pool }: { pool: Pool }): WithViewerFlags {
  return async <Data, Meta>(
    body: ReadyBody<Data, Meta>,
    viewer: Viewer | undefined,
    moviesOf: (data: Data) => MovieInBody[],
  ) => {
    if (viewer === undefined) return body;
    const data = JSON.parse(decoder.decode(body.data)) as Data;
    const movies = moviesOf(data);
    if (movies.length === 0) return body;
    const tmdbIds = movies.map((movie) => movie.tmdb_id);
    const rows = await queryStore(pool, flagsStatement({ userId: viewer.userId, tmdbIds }));
    const flagsOf = new Map(rows.map((row) => [row.tmdb_id, row.viewer]));
    for (const movie of movies) movie.viewer = flagsOf.get(movie.tmdb_id) ?? nothingSaid;
    return withData(body, jsonText<Data>(JSON.stringify(data)));
  };
}
