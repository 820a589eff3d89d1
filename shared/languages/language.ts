import { isCountryCode, isLanguageCode } from './codes.ts';

/** A language and perhaps the country it is meant for: `de`, `de-AT`. */
export interface Language {
  code: string;
  /** `undefined`: of whatever country. */
  country: string | undefined;
}

/** Where a language without a country is meant for another country than most of its speakers live in. */
const ownCountries: Readonly<Record<string, string>> = { ar: 'SA', pt: 'PT', cn: 'CN' };

/** In any case and with `_` too, as people write them. @returns `undefined` for what is no language that we know */
export function parseLanguage(text: string): Language | undefined {
  const found = /^([a-z]{2})(?:[-_]([a-z]{2}))?$/i.exec(text.trim());
  if (found === null) return undefined;
  const code = (found[1] ?? '').toLowerCase();
  const country = found[2]?.toUpperCase();
  if (!isLanguageCode(code) || (country !== undefined && !isCountryCode(country))) return undefined;
  return { code, country };
}

/** TMDb takes a language without a country for that of one country: `de` is `de-DE`, `pt` is `pt-PT`. */
export function countryOf({ code, country }: Language): string | undefined {
  return country ?? ownCountries[code] ?? new Intl.Locale(code).maximize().region;
}

/** `xx-YY`, or `xx` where no country goes without saying. */
export function tagOf(language: Language): string {
  const country = countryOf(language);
  return country === undefined ? language.code : `${language.code}-${country}`;
}

/** What a language without a country is taken for: `de-DE`. @param code `xx` */
export const languageOf = (code: string): string => tagOf({ code, country: undefined });

/** TMDb has texts in Norwegian under both codes, most of them under `no`; browsers in Norway ask for `nb`. */
export const otherCodes = { nb: 'no', no: 'nb' } as const;
