import { z } from 'zod';
import { codeOf } from '#shared/errors.ts';
import { exportDates } from '#worker/export/export-date.ts';
import type { CallOptions, TmdbClient } from '#worker/tmdb/tmdb-client.ts';
import type { ExportedId, ListedMovie, ListPage } from '#worker/tmdb/wire/mirrored-movie.ts';
import {
  WireExportedId,
  WireFound,
  WireGenres,
  WireMovie,
  WireMoviePage,
} from '#worker/tmdb/wire/schemas.ts';

export interface Question<T> {
  /** For the reader: `the trending movies of the day, page 1`. */
  what: string;
  /** Fields are counted by it: `/trending/movie/{window}`. */
  endpoint: string;
  schema: z.ZodType;
  call: (tmdb: TmdbClient, options: CallOptions) => Promise<T>;
  /** What it means where TMDb says that there is no such thing. Left out: something is wrong. */
  ifNotFound?: 'is right' | 'is no fault';
}

/** @returns `undefined` where there is no answer to go on with. */
export type Ask = <T>(question: Question<T>) => Promise<T | undefined>;

export const exportEndpoint = '/movie_ids_{date}.json.gz';
export const exportedLinesRead = 500;

/** Each of another kind: what breaks readers of TMDb is rarely in its best known movies. */
const movies = [
  { id: 47_964, kind: 'one of a collection' },
  { id: 775, kind: 'a short film of 1902' },
  { id: 129, kind: 'not in English' },
];
/** If there is no such movie, something else is wrong. */
const presentMovieId = 550;
const absentMovieId = 999_999_999;

/**
 * Asks TMDb all that the mirror asks it: about twenty questions, one after the other.
 * @param notMet is told of a kind of movie that no list had
 */
export async function askEverything(ask: Ask, now: Date, notMet: (what: string) => void): Promise<void> {
  await ask({
    what: 'the genres',
    endpoint: '/genre/movie/list',
    schema: WireGenres,
    call: (tmdb, o) => tmdb.genres(o),
  });
  const trending = await askPages(ask, '/trending/movie/{window}', [
    ['trending today, page 1', (tmdb, o) => tmdb.trending('day', 1, o)],
    ['trending today, page 2', (tmdb, o) => tmdb.trending('day', 2, o)],
    ['trending this week, page 1', (tmdb, o) => tmdb.trending('week', 1, o)],
  ]);
  const listed = [...trending, ...(await askOtherLists(ask))];
  await askByImdbId(ask);
  const exported = await askExport(ask, now);
  await askMovie(ask, presentMovieId, `movie ${presentMovieId}, very well known`);
  for (const { id, kind } of movies) await askMovie(ask, id, `movie ${id}, ${kind}`, 'is no fault');
  for (const [kind, id] of kindsOf({ trending, listed, exported, now })) {
    if (id === undefined) notMet(`a movie ${kind}`);
    else await askMovie(ask, id, `movie ${id}, ${kind}`, 'is no fault');
  }
  await askMovie(ask, absentMovieId, 'a movie that does not exist', 'is right');
}

/** Which movies these are today, only the lists tell. */
function kindsOf(known: {
  trending: ListedMovie[];
  listed: ListedMovie[];
  exported: ExportedId[];
  now: Date;
}): [kind: string, id: number | undefined][] {
  const today = known.now.toISOString().slice(0, 10);
  const released = known.trending.filter((movie) => movie.release_date && movie.release_date <= today);
  const forEverybody = known.exported.filter((movie) => movie.adult === false);
  return [
    ['released lately', greatest(released, (movie) => movie.release_date ?? '')?.tmdb_id],
    ['without a poster', known.listed.find((movie) => movie.poster_path === null)?.tmdb_id],
    ['hardly known', greatest(forEverybody, (movie) => -(movie.popularity ?? 0))?.tmdb_id],
  ];
}

function askOtherLists(ask: Ask): Promise<ListedMovie[]> {
  return inTurn([
    () =>
      askPages(ask, '/movie/popular', [
        ['popular, page 1', (tmdb, o) => tmdb.popular(1, o)],
        ['popular, page 500 (the last one)', (tmdb, o) => tmdb.popular(500, o)],
      ]),
    () =>
      askPages(ask, '/discover/movie', [
        ['discover: dramas', (tmdb, o) => tmdb.discover({ genre: 18 }, 1, o)],
        ['discover: movies of an actor', (tmdb, o) => tmdb.discover({ actor: 287 }, 1, o)],
      ]),
    () =>
      askPages(ask, '/search/movie', [
        ['search: with a year', (tmdb, o) => tmdb.searchMovies({ query: 'Fight Club', year: 1999 }, 1, o)],
        // So far down stand movies that nobody has given a poster.
        ['search: page 30', (tmdb, o) => tmdb.searchMovies({ query: 'house' }, 30, o)],
      ]),
  ]);
}

type CallPage = Question<ListPage>['call'];

function askPages(ask: Ask, endpoint: string, pages: [what: string, call: CallPage][]) {
  return inTurn(
    pages.map(([what, call]) => async () => {
      const page = await ask({ what, endpoint, schema: WireMoviePage, call });
      return page?.results ?? [];
    }),
  );
}

async function askByImdbId(ask: Ask): Promise<void> {
  for (const [what, imdbId] of [
    ['a movie by its IMDb id', 'tt0137523'],
    ['a series by its IMDb id', 'tt0903747'],
  ] as const) {
    const endpoint = '/find/{imdb_id}';
    await ask({ what, endpoint, schema: WireFound, call: (tmdb, o) => tmdb.findByImdbId(imdbId, o) });
  }
}

async function askExport(ask: Ask, now: Date): Promise<ExportedId[]> {
  const ids = await ask({
    what: `the daily export, its first ${exportedLinesRead} lines`,
    endpoint: exportEndpoint,
    schema: z.array(WireExportedId.nullable().catch(null)),
    call: async (tmdb, options) => {
      const [today = '', dayBefore = ''] = exportDates(now);
      return readFirst(tmdb.exportedIds(today, options)).catch((error: unknown) => {
        if (codeOf(error) !== 'upstream_not_found') throw error;
        return readFirst(tmdb.exportedIds(dayBefore, options));
      });
    },
  });
  return ids ?? [];
}

async function askMovie(ask: Ask, id: number, what: string, ifNotFound?: 'is right' | 'is no fault') {
  const question = { what, endpoint: '/movie/{id}', schema: WireMovie, ...(ifNotFound && { ifNotFound }) };
  await ask({ ...question, call: (tmdb, options) => tmdb.movie(id, options) });
}

/** Leaves the download when it has enough. */
async function readFirst(ids: AsyncIterable<ExportedId>): Promise<ExportedId[]> {
  const first: ExportedId[] = [];
  for await (const id of ids) if (first.push(id) >= exportedLinesRead) break;
  return first;
}

async function inTurn<T>(steps: (() => Promise<T[]>)[]): Promise<T[]> {
  const all: T[] = [];
  for (const step of steps) all.push(...(await step()));
  return all;
}

function greatest<T>(list: readonly T[], by: (item: T) => string | number): T | undefined {
  return list.reduce<T | undefined>((best, item) => (best && by(best) >= by(item) ? best : item), undefined);
}
