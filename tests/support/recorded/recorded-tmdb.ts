import { isJsonObject } from '#shared/is-json-object.ts';
import { composeMovie, movieRowsOf } from './compose-movie.ts';
import { type Exchange, type Json, rowsOf } from './read-exchanges.ts';

export interface RecordedTmdb extends AsyncDisposable {
  url: string;
  /** From now on this one counts where TMDb was recorded more than once, and before others what was recorded with it. */
  prefer(exchange: Exchange): void;
}

const notFound = {
  success: false,
  status_code: 34,
  status_message: 'The resource you requested could not be found.',
};
/** What says nothing: TMDb's own defaults, and how the mirror asks for them. */
const defaults: Record<string, string> = {
  page: '1',
  region: 'US',
  include_adult: 'false',
  sort_by: 'vote_count.desc',
};

/**
 * What nobody recorded is empty, and an empty list is not believed. After a 404 the worker looks whether TMDb has lost
 * all that it had, once a second: a sync would wait for that at each of these.
 */
const unrecorded: [paths: RegExp, answer: Json][] = [
  [/^\/3\/certification\/movie\/list$/, { certifications: {} }],
  [
    /^\/3\/(watch\/providers\/(movie|regions)|trending\/person\/(day|week)|person\/popular)$/,
    { page: 1, results: [], total_pages: 1, total_results: 0 },
  ],
];

/** A TMDb that knows what was recorded, and nothing else. A movie it has whole is made of all that was recorded of it. */
export function startRecordedTmdb(exchanges: readonly Exchange[]): RecordedTmdb {
  let ordered = exchanges;
  const server = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    fetch(request) {
      const url = new URL(request.url);
      const answer = answerOf(url, ordered) ?? unrecorded.find(([paths]) => paths.test(url.pathname))?.[1];
      return Response.json(answer ?? notFound, { status: answer === undefined ? 404 : 200 });
    },
  });
  return {
    url: `http://127.0.0.1:${server.port}/3`,
    prefer(exchange) {
      const place = (each: Exchange) => (each === exchange ? 0 : each.batch === exchange.batch ? 1 : 2);
      // A list in another language shows the same movies as that in English, recorded at about that time.
      ordered = exchanges.toSorted((one, other) => place(one) - place(other));
    },
    async [Symbol.asyncDispose]() {
      await server.stop(true);
    },
  };
}

function answerOf({ pathname, searchParams }: URL, exchanges: readonly Exchange[]): unknown {
  const language = searchParams.get('language') ?? 'en';
  if (pathname === '/3/genre/movie/list') return { genres: genresIn(language, exchanges) };
  const [, id] = /^\/3\/movie\/(\d+)$/.exec(pathname) ?? [];
  if (id !== undefined) {
    const names = new Map(
      genresIn('en', exchanges).map((genre) => [genre.id as number, genre.name as string]),
    );
    return composeMovie(Number(id), exchanges, names);
  }
  return listOf(pathname, searchParams, exchanges);
}

/** Taken from movies. Those that none has in a language are left out. */
function genresIn(language: string, exchanges: readonly Exchange[]): Json[] {
  const code = language.slice(0, 2);
  const named = exchanges
    .filter(({ query }) => (new URLSearchParams(query).get('language') ?? 'en').slice(0, 2) === code)
    .flatMap(({ json }) => rowsOf(json, 'genres'));
  const ids =
    code === 'en'
      ? exchanges.flatMap(movieRowsOf).flatMap(({ genre_ids }) => (genre_ids ?? []) as number[])
      : [];
  const all = [
    ...ids.map((id) => [id, { id, name: `Genre ${id}` }] as const),
    ...named.toReversed().map((genre) => [genre.id as number, genre] as const),
  ];
  return [...new Map<number, Json>(all).values()];
}

const keyOf = (query: URLSearchParams): string =>
  new URLSearchParams(
    [...query]
      .filter(([name, value]) => defaults[name] !== value)
      .map(([name, value]) => [name.replace('primary_release_year', 'year'), value] as [string, string])
      .toSorted(),
  )
    .toString()
    .toLowerCase();

function listOf(pathname: string, query: URLSearchParams, exchanges: readonly Exchange[]): unknown {
  const path = pathname.replace('trending/movie/day', 'trending/movie/week');
  const find = (asked: string, from = path) =>
    exchanges.find((each) => each.path === from && keyOf(new URLSearchParams(each.query)) === asked);
  const key = keyOf(query);
  const found = find(key) ?? (path === '/3/search/movie' ? find(key, '/3/search/multi') : undefined);
  if (found === undefined || !isJsonObject(found.json) || !/^\/3\/(movie|trending)\//.test(path))
    return found?.json;
  if (!('total_pages' in found.json)) return found.json;
  // Only some pages were recorded: the list ends with them.
  const isSecond = exchanges.some(
    (each) => each.path === path && each.batch === found.batch && each.query === 'page=2',
  );
  return { ...found.json, total_pages: isSecond ? 2 : 1 };
}
