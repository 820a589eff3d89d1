import type { MoviePartName } from '#shared/movies/movie-parts.ts';
import type { ReadGenres } from '../rows/genre-names.ts';
import { rowsOf, type Translator } from '../rows/translator.ts';
import type { AskedQuery } from '../wire/asked-query.ts';
import type { ReadyDocument } from '../wire/document.ts';
import type { Documents } from '../wire/documents.ts';
import type { TmdbCall, TmdbRoute } from '../wire/tmdb-route.ts';
import { type AskedParts, askedParts, isEnglish, partViews } from './movie-parts.ts';
import { appendedOf, movieText, neededParts, routeText } from './movie-texts.ts';
import type { createMovieReader, MovieTexts } from './read-movie.ts';

interface MovieRoutesDeps {
  reader: ReturnType<typeof createMovieReader>;
  documents: Documents;
  readGenres: ReadGenres;
  translator: Translator;
}

/** A movie with what is appended to it, and each of its parts. */
export function movieRoutes(deps: MovieRoutesDeps): TmdbRoute[] {
  const parts = Object.keys(partViews).map((name) => ({
    path: `movie/:id/${name}`,
    answer: (call: TmdbCall) => withId(deps, call, (tmdbId) => answerPart(deps, call, tmdbId, name)),
  }));
  const movie = (call: TmdbCall) => withId(deps, call, (tmdbId) => answerMovie(deps, call, tmdbId));
  return [{ path: 'movie/:id', answer: movie }, ...parts];
}

type Answer = ReadyDocument | Promise<ReadyDocument>;

function withId(
  { reader }: MovieRoutesDeps,
  { params, addressOf }: TmdbCall,
  answer: (tmdbId: number) => Answer,
): Answer {
  const id = reader.idOf(params.id ?? '', addressOf);
  if (typeof id === 'number') return answer(id);
  // Which movie it is may change without that movie's answer: who ask the same next look it up, too.
  return id.then(answer).then((document) => ({ ...document, again: undefined }));
}

/** What a query asks of a movie: found out once, however often the same is asked. */
interface AskedMovie {
  appended: string[];
  asked: AskedParts;
  /** Names it among all others. */
  key: string;
}

const askedMovies = new WeakMap<AskedQuery, AskedMovie>();

function askedMovieOf(query: AskedQuery): AskedMovie {
  const known = askedMovies.get(query);
  if (known !== undefined) return known;
  const [appended, asked] = [appendedOf(query), askedParts(query)];
  const made = { appended, asked, key: JSON.stringify([appended, asked]) };
  askedMovies.set(query, made);
  return made;
}

function answerMovie(deps: MovieRoutesDeps, { query, addressOf }: TmdbCall, tmdbId: number): Answer {
  const { documents, reader, readGenres } = deps;
  const { appended, asked, key } = askedMovieOf(query);
  return documents.ofMovie(tmdbId, key, async () => {
    const parts = neededParts(appended, asked);
    const { texts, fetchedAtMs } = await reader.read({ tmdbId, parts }, addressOf());
    const translated = await translateRelated(deps, texts, asked);
    if (isEnglish(asked)) return { text: movieText(translated, appended, asked), fetchedAtMs };
    const genres = await readGenres(asked.language);
    const names = new Map(genres.map(({ id, name }) => [id, name]));
    return { text: movieText(translated, appended, asked, names), fetchedAtMs };
  });
}

function answerPart(
  deps: MovieRoutesDeps,
  { query, addressOf }: TmdbCall,
  tmdbId: number,
  name: string,
): Answer {
  const { documents, reader } = deps;
  const asked = askedParts(query);
  return documents.ofMovie(tmdbId, `${name} ${JSON.stringify(asked)}`, async () => {
    const parts = [partViews[name]?.from ?? 'details'];
    const { texts, fetchedAtMs } = await reader.read({ tmdbId, parts }, addressOf());
    const translated = await translateRelated(deps, texts, asked);
    return { text: routeText(translated, name, asked, tmdbId), fetchedAtMs };
  });
}

const relatedParts: readonly MoviePartName[] = ['recommendations', 'similar'];

async function translateRelated(
  { translator }: MovieRoutesDeps,
  texts: MovieTexts,
  asked: AskedParts,
): Promise<MovieTexts> {
  if (isEnglish(asked)) return texts;
  const related = relatedParts.flatMap((part) => {
    const text = texts.get(part);
    if (text === undefined) return [];
    const json = JSON.parse(text) as { results?: unknown };
    return [{ part, json, rows: rowsOf(json.results) }];
  });
  await translator.rows(
    related.map(({ rows }) => rows),
    asked.language,
  );
  const translated = related.map(
    ({ part, json, rows }) => [part, JSON.stringify({ ...json, results: rows })] as const,
  );
  return new Map([...texts, ...translated]);
}
