import { isJsonObject } from '#shared/is-json-object.ts';
import { appendedParts, emptyParts } from '#shared/movies/movie-parts.ts';
import { type Exchange, type Json, rowsOf, without } from './read-exchanges.ts';

const partNames: readonly string[] = [
  ...appendedParts,
  'casts',
  'releases',
  'trailers',
  'similar_movies',
  'lists',
  'changes',
];
const languageOf = ({ query }: Exchange) => new URLSearchParams(query).get('language') ?? 'en-US';
const isEnglish = (exchange: Exchange) => languageOf(exchange).startsWith('en');

/**
 * A movie's details with the 12 parts, without a language, as TMDb would have sent them: made of all that was recorded
 * of it. Of what was recorded more than once, the first of `exchanges` counts.
 */
export function composeMovie(
  id: number,
  exchanges: readonly Exchange[],
  genreNames: ReadonlyMap<number, string>,
): Json | undefined {
  const own = exchanges.filter(({ path, json }) => movieOf(path, json) === id);
  const details = own.filter(({ path }) => /^\/3\/movie\/\w+$/.test(path));
  const rows = exchanges.flatMap((exchange) => {
    const row = movieRowsOf(exchange).find((each) => each.id === id);
    return row === undefined ? [] : [{ exchange, row }];
  });
  const translated = [...details.map((exchange) => ({ exchange, row: exchange.json })), ...rows];
  if (own.length === 0 && rows.length === 0) return undefined;
  const told = detailsOf(id, details, rows, genreNames) ?? {
    id,
    title: `Movie ${id}`,
    original_title: `Movie ${id}`,
  };
  const [first] = rows;
  const parts = appendedParts.map((name) => [name, partOf(name, own)] as const);
  const composed: Json = {
    ...told,
    ...Object.fromEntries(parts),
    ...(first === undefined ? {} : impliedParts(first.exchange, told)),
  };
  if (rowsOf(composed.translations, 'translations').length === 0)
    Object.assign(
      composed,
      translationsOf(
        translated.filter(({ exchange }) => !isEnglish(exchange)),
        composed,
      ),
    );
  return composed;
}

/** The movie that an answer is about, if it is about one. */
export function movieOf(path: string, json: Json): number | undefined {
  const [, id] = /^\/3\/movie\/(tt\d+|\d+)(?:\/|$)/.exec(path) ?? [];
  if (id === undefined) return undefined;
  return id.startsWith('tt') ? (json.id as number) : Number(id);
}

/** Movies that stand in a list, also in one that is appended to a movie. */
export function movieRowsOf({ json }: Pick<Exchange, 'json'>): Json[] {
  const lists = [json, json.similar, json.recommendations].flatMap((each) => rowsOf(each));
  return [...lists, ...rowsOf(json, 'movie_results')].filter(
    ({ title, media_type = 'movie' }) => typeof title === 'string' && media_type === 'movie',
  );
}

function detailsOf(
  id: number,
  details: readonly Exchange[],
  rows: readonly { exchange: Exchange; row: Json }[],
  genreNames: ReadonlyMap<number, string>,
): Json | undefined {
  const english = details.find(isEnglish);
  if (english !== undefined) return without(english.json, partNames);
  const named = (genres: readonly unknown[]) =>
    genres.map((genre) => ({ id: genre, name: genreNames.get(genre as number) ?? `Genre ${genre}` }));
  const [translated] = details;
  if (translated !== undefined) {
    const { genres, original_title, ...json } = without(translated.json, partNames);
    // In English it was not recorded: so it has no English texts.
    return {
      ...json,
      id,
      original_title,
      title: original_title,
      overview: '',
      tagline: '',
      genres: named((genres as Json[]).map((each) => each.id)),
    };
  }
  const [first] = rows;
  if (first === undefined) return undefined;
  const { genre_ids, media_type: _, ...row } = first.row;
  const inEnglish = rows.find(({ exchange }) => isEnglish(exchange))?.row ?? {
    ...row,
    title: row.original_title,
    overview: '',
  };
  const { title, overview, poster_path } = inEnglish;
  const genres = named(Array.isArray(genre_ids) ? genre_ids : []);
  return { ...row, title, overview, poster_path, genres, ...impliedBy(first.exchange) };
}

/** What a list was asked by, its movies have. */
function impliedBy({ path, query }: Exchange): Json {
  const [, imdbId] = /^\/3\/find\/(tt\d+)$/.exec(path) ?? [];
  const asked = new URLSearchParams(query);
  const votes = asked.get('vote_count.gte');
  return {
    ...(imdbId === undefined ? {} : { imdb_id: imdbId }),
    ...(votes === null
      ? {}
      : { vote_count: Number(votes), vote_average: Number(asked.get('vote_average.gte')) }),
  };
}

function impliedParts({ query }: Exchange, { release_date }: Json): Json {
  const asked = new URLSearchParams(query);
  const [type, ways] = [asked.get('with_release_type'), asked.get('with_watch_monetization_types')];
  const release = {
    certification: '',
    descriptors: [],
    iso_639_1: '',
    note: '',
    release_date: `${release_date}T00:00:00.000Z`,
    type: Number(type),
  };
  const provider = { display_priority: 1, logo_path: null, provider_id: 8, provider_name: 'Provider' };
  return {
    ...(type === null
      ? {}
      : { release_dates: { results: [{ iso_3166_1: 'US', release_dates: [release] }] } }),
    ...(ways === null
      ? {}
      : {
          'watch/providers': {
            results: { [asked.get('watch_region') ?? 'US']: { link: '', flatrate: [provider] } },
          },
        }),
  };
}

function partOf(name: string, own: readonly Exchange[]): unknown {
  const recorded = own.flatMap(({ path, query, json }): { query: string; json: Json }[] => {
    if (path.endsWith(`/${name}`)) return [{ query, json: without(json, ['id']) }];
    const appended = json[name];
    return isJsonObject(appended)
      ? [{ query: query.replace(/append_to_response=[^&]*&?/, ''), json: appended }]
      : [];
  });
  const isOther = name === 'similar' || name === 'recommendations' ? /language|page=2/ : /language|country/;
  const isOlder = olderNames[name] !== undefined && own[0]?.path.endsWith(`/${olderNames[name]}`);
  const whole = isOlder ? undefined : recorded.find(({ query }) => !isOther.test(query))?.json;
  if (whole !== undefined) return whole;
  const older = olderPartOf(name, own);
  if (older !== undefined) return older;
  // Only what was recorded by country or language: all of it together.
  const [first = JSON.parse(emptyParts[name as keyof typeof emptyParts]) as Json, ...others] = recorded.map(
    ({ json }) => json,
  );
  return others.reduce(joined, first);
}

const joined = (all: Json, more: Json): Json =>
  Object.fromEntries(
    Object.entries(all).map(([name, value]) => [
      name,
      Array.isArray(value) && Array.isArray(more[name]) ? [...value, ...(more[name] as unknown[])] : value,
    ]),
  );

const olderNames: Readonly<Record<string, string>> = {
  credits: 'casts',
  similar: 'similar_movies',
  videos: 'trailers',
  release_dates: 'releases',
};

/** Made of the form that old applications ask for, where only that was recorded. */
function olderPartOf(name: string, own: readonly Exchange[]): unknown {
  const older = olderNames[name];
  const [found] = own.flatMap(({ path, json }): Json[] => {
    if (path.endsWith(`/${older}`)) return [without(json, ['id'])];
    const appended = json[older ?? ''];
    return isJsonObject(appended) ? [appended] : [];
  });
  if (found === undefined || older === 'casts' || older === 'similar_movies') return found;
  if (older === 'trailers') return { results: rowsOf(found, 'youtube').map(videoOf) };
  const countries = new Map<unknown, Json[]>();
  for (const { iso_3166_1: country, certification, descriptors, release_date } of rowsOf(found, 'countries'))
    countries.set(country, [
      ...(countries.get(country) ?? []),
      {
        certification,
        ...(descriptors === undefined ? {} : { descriptors }),
        iso_639_1: '',
        note: '',
        release_date: `${release_date}T00:00:00.000Z`,
        type: 3,
      },
    ]);
  return { results: [...countries].map(([iso_3166_1, release_dates]) => ({ iso_3166_1, release_dates })) };
}

const heights: Record<string, number> = { HD: 1080, HQ: 480, Standard: 360 };

const videoOf = ({ name, size, source, type = 'Trailer' }: Json) => ({
  iso_639_1: 'en',
  iso_3166_1: 'US',
  name,
  key: source,
  site: 'YouTube',
  // TMDb says nothing of the largest ones.
  size: heights[String(size)] ?? 2160,
  type,
});

/** Made of answers in other languages, with the pictures that these showed. */
function translationsOf(
  translated: readonly { exchange: Exchange; row: Json }[],
  { images, original_language, poster_path }: Json,
) {
  const [first] = translated;
  if (first === undefined) return {};
  const code = languageOf(first.exchange).slice(0, 2);
  const { title, original_title, overview, tagline, homepage, runtime } = first.row;
  const data = {
    title: title === original_title ? '' : title,
    overview,
    tagline: tagline ?? '',
    homepage: homepage ?? '',
    runtime: runtime ?? 0,
  };
  const row = { iso_639_1: code, iso_3166_1: code.toUpperCase(), name: code, english_name: code, data };
  const posters = rowsOf(images, 'posters');
  const shown = {
    file_path: first.row.poster_path,
    iso_639_1: first.row.poster_path === poster_path ? original_language : code,
  };
  const hasImages = posters.length > 0 || first.row.poster_path === null;
  return {
    translations: { translations: [row] },
    ...(hasImages ? {} : { images: { backdrops: [], logos: [], posters: [shown] } }),
  };
}
