import type { ReadGenres } from '../rows/genre-names.ts';
import { languageOf } from '../wire/asked-query.ts';
import type { ReadyDocument } from '../wire/document.ts';
import type { Documents } from '../wire/documents.ts';
import type { TmdbCall, TmdbRoute } from '../wire/tmdb-route.ts';
import { askedParts, isEnglish, partViews } from './movie-parts.ts';
import { appendedOf, movieText, neededParts, routeText } from './movie-texts.ts';
import type { createMovieReader } from './read-movie.ts';
import type { TranslateRelated } from './translate-related.ts';

interface MovieRoutesDeps {
  reader: ReturnType<typeof createMovieReader>;
  documents: Documents;
  readGenres: ReadGenres;
  translateRelated: TranslateRelated;
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
  { params }: TmdbCall,
  answer: (tmdbId: number) => Answer,
): Answer {
  const id = reader.idOf(params.id ?? '');
  return typeof id === 'number' ? answer(id) : id.then(answer);
}

function answerMovie(deps: MovieRoutesDeps, { query, address }: TmdbCall, tmdbId: number): Answer {
  const { documents, reader, readGenres, translateRelated } = deps;
  const appended = appendedOf(query);
  const asked = askedParts(query);
  return documents.ofMovie(tmdbId, JSON.stringify([appended, asked]), async () => {
    const texts = await reader.read({ tmdbId, parts: neededParts(appended, asked) }, address);
    const translated = await translateRelated(texts, languageOf(query));
    if (isEnglish(asked)) return movieText(translated, appended, asked);
    const genres = await readGenres(asked.language);
    return movieText(translated, appended, asked, new Map(genres.map(({ id, name }) => [id, name])));
  });
}

function answerPart(
  deps: MovieRoutesDeps,
  { query, address }: TmdbCall,
  tmdbId: number,
  name: string,
): Answer {
  const { documents, reader, translateRelated } = deps;
  const asked = askedParts(query);
  return documents.ofMovie(tmdbId, `${name} ${JSON.stringify(asked)}`, async () => {
    const parts = [partViews[name]?.from ?? 'details'];
    const texts = await reader.read({ tmdbId, parts }, address);
    return routeText(await translateRelated(texts, languageOf(query)), name, asked, tmdbId);
  });
}
