import { textOf } from '../is-blank.ts';
import { isJsonObject } from '../is-json-object.ts';
import { parseLanguage, tagOf } from '../languages/language.ts';
import { chooseTexts, type Translation } from './choose-texts.ts';

type Json = Record<string, unknown>;

/** The parts of a movie that its details in another language are made of, parsed. */
export interface LocalizedParts {
  details: Json;
  translations: Json;
  images: Json;
}

interface LocalizeOptions {
  /** `xx-YY`, or `xx` for what TMDb takes it for. */
  language: string;
  /** Fill what is missing by the rule of `/api`, not of TMDb. */
  fallback?: boolean;
  /** The names of genres in the language, by id; without one, a genre keeps its own. */
  genreNames?: ReadonlyMap<number, string>;
}

/** TMDb answers in it where no language is asked for. */
const english = 'en-US';

/**
 * The details as TMDb gives them with `?language=`, from what it gives without: of a missing title it shows the
 * original one, of a missing overview, tagline or homepage nothing, of a missing runtime that of the original. The names
 * of collections are no part of this. All keys stay, in their order.
 */
export function localizeDetails({ details, ...parts }: LocalizedParts, options: LocalizeOptions): Json {
  const found = parseLanguage(options.language);
  const language = found === undefined ? options.language : tagOf(found);
  if (language === english && options.fallback !== true) return details;
  const translations = translationsOf(parts.translations);
  const texts = options.fallback
    ? fallenBack(details, translations, language)
    : translated(details, translations, language);
  const poster =
    language === english
      ? details.poster_path
      : posterOf(parts.images, { language, original: details.original_language, best: details.poster_path });
  return { ...details, ...texts, ...genresOf(details, options.genreNames), poster_path: poster };
}

function translated(details: Json, translations: readonly Translation[], language: string): Json {
  const row = translations.find((translation) => translation.language === language);
  return {
    title: row?.title ?? details.original_title,
    overview: row?.overview ?? '',
    tagline: row?.tagline ?? '',
    homepage: row?.homepage ?? '',
    runtime: row?.runtime ?? details.runtime,
  };
}

function fallenBack(details: Json, translations: readonly Translation[], language: string): Json {
  const movie = {
    original_title: textOf(details.original_title),
    original_language: textOf(details.original_language),
    ...contentOf(details),
  };
  const { title, overview, tagline, homepage, runtime } = chooseTexts(movie, translations, language);
  return {
    title: title.value ?? '',
    overview: overview.value ?? '',
    tagline: tagline.value ?? '',
    homepage: homepage.value ?? '',
    runtime: runtime.value ?? details.runtime,
  };
}

/** The rows of the part `translations`, in TMDb's order. */
export function translationsOf(part: Json): Translation[] {
  return rowsOf(part.translations).map((row) => ({
    language: `${row.iso_639_1}-${row.iso_3166_1}`,
    ...contentOf(isJsonObject(row.data) ? row.data : {}),
  }));
}

const contentOf = (from: Json): Omit<Translation, 'language'> => ({
  title: textOf(from.title),
  overview: textOf(from.overview),
  tagline: textOf(from.tagline),
  homepage: textOf(from.homepage),
  runtime: typeof from.runtime === 'number' && from.runtime > 0 ? from.runtime : null,
});

/** The first poster in the language, else in that of the film, else the first of all. */
export function posterOf(
  images: Json,
  { language, original, best }: { language: string; original: unknown; best: unknown },
): unknown {
  const posters = rowsOf(images.posters);
  const firstIn = (code: unknown) => posters.find((row) => row.iso_639_1 === code);
  const poster = firstIn(language.slice(0, 2)) ?? firstIn(original) ?? posters[0];
  return poster?.file_path ?? best ?? null;
}

function genresOf({ genres }: Json, names?: ReadonlyMap<number, string>): Json {
  if (names === undefined || !Array.isArray(genres)) return {};
  return {
    genres: rowsOf(genres).map((genre) => ({ ...genre, name: names.get(genre.id as number) ?? genre.name })),
  };
}

const rowsOf = (list: unknown): Json[] => (Array.isArray(list) ? list.filter(isJsonObject) : []);
