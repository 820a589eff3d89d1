import { localizeDetails } from '#shared/movies/localize-details.ts';
import type { MoviePartName } from '#shared/movies/movie-parts.ts';
import { type AskedQuery, appendedNames } from '../wire/asked-query.ts';
import { type AskedParts, isEnglish, partViews } from './movie-parts.ts';
import type { MovieTexts } from './read-movie.ts';

/** Names of known parts, each once and always in one order. @throws {TmdbFailure} 27 for more than TMDb takes */
export const appendedOf = (query: AskedQuery): string[] => appendedNames(query, Object.keys(partViews));

/** Which stored parts a movie with these is made of. */
export function neededParts(appended: readonly string[], asked: AskedParts): MoviePartName[] {
  const own: MoviePartName[] = isTranslated(asked) ? ['details', 'translations', 'images'] : ['details'];
  return [...new Set([...own, ...appended.flatMap((name) => partViews[name]?.from ?? [])])];
}

const isTranslated = (asked: AskedParts) => !isEnglish(asked) || asked.fallback;

/** A movie as TMDb answers it: the stored texts one behind the other, where no language is asked for. */
export function movieText(
  texts: MovieTexts,
  appended: readonly string[],
  asked: AskedParts,
  genreNames?: ReadonlyMap<number, string>,
): string {
  const details = isTranslated(asked) ? localized(texts, asked, genreNames) : textOf(texts, 'details');
  const parts = appended.map((name) => `,${JSON.stringify(name)}:${partText(texts, name, asked)}`);
  return parts.length === 0 ? details : `${details.slice(0, -1)}${parts.join('')}}`;
}

/** A part as it is appended. */
export function partText(texts: MovieTexts, name: string, asked: AskedParts): string {
  const found = partViews[name];
  if (found === undefined) throw new Error(`there is no part ${name}`);
  return found.view(textOf(texts, found.from), asked);
}

/** Those have no `id` of their own, as a route either. */
const withoutId = new Set(['recommendations', 'similar', 'similar_movies']);

/** A part as a route of its own answers it. */
export function routeText(texts: MovieTexts, name: string, asked: AskedParts, tmdbId: number): string {
  const text = partText(texts, name, asked);
  if (withoutId.has(name)) return text;
  return text === '{}' ? `{"id":${tmdbId}}` : `{"id":${tmdbId},${text.slice(1)}`;
}

function localized(texts: MovieTexts, asked: AskedParts, genreNames?: ReadonlyMap<number, string>): string {
  const parsed = (part: MoviePartName) => JSON.parse(textOf(texts, part)) as Record<string, unknown>;
  const parts = {
    details: parsed('details'),
    translations: parsed('translations'),
    images: parsed('images'),
  };
  return JSON.stringify(
    localizeDetails(parts, {
      language: asked.language,
      fallback: asked.fallback,
      ...(genreNames === undefined ? {} : { genreNames }),
    }),
  );
}

function textOf(texts: MovieTexts, part: MoviePartName): string {
  const text = texts.get(part);
  if (text === undefined) throw new Error(`the part ${part} was not read`);
  return text;
}
