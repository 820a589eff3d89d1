import { isCountryCode, isLanguageCode } from '#shared/languages/codes.ts';
import type { Translation } from '#shared/movies/choose-texts.ts';
import { known } from './map-values.ts';
import type { MirroredTitle } from './mirrored-movie.ts';
import type { WireTitle, WireTranslation } from './schemas.ts';
import { isPresent, type Placed } from './wire-fields.ts';

/** More than any movie has: what a broken answer may cost us. */
const maxTitles = 1000;

/** One for each language and country, the first that TMDb names. One without any content is none. */
export function mapTranslations(rows: readonly Placed<WireTranslation>[]): Translation[] {
  const translations = new Map<string, Translation>();
  for (const { iso_639_1: code, iso_3166_1: country, data } of rows.filter(isPresent)) {
    const language = `${code}-${country}`;
    if (!isLanguageCode(code) || !isCountryCode(country) || translations.has(language)) continue;
    const content = {
      title: data.title,
      overview: data.overview,
      tagline: data.tagline,
      homepage: data.homepage,
      runtime: known(data.runtime),
    };
    if (Object.values(content).some((value) => value !== null))
      translations.set(language, { language, ...content });
  }
  return [...translations.values()];
}

/** In TMDb's order, each title of a country once. */
export function mapTitles(rows: readonly Placed<WireTitle>[]): MirroredTitle[] {
  const titles = new Map<string, MirroredTitle>();
  for (const { iso_3166_1: code, title, type } of rows.filter(isPresent)) {
    const country = code !== null && isCountryCode(code) ? code : null;
    const place = `${country} ${title}`;
    if (!titles.has(place)) titles.set(place, { country, title, type });
  }
  return [...titles.values()].slice(0, maxTitles);
}
