import { parseLanguage } from './language.ts';

/** What `LANGUAGES` says: `all`, or `xx-YY` and `xx`. One without a country keeps all countries. */
export type KeptLanguages = 'all' | readonly string[];

/** As many as TMDb is asked for videos in. */
const maxVideoLanguages = 40;

/** Those that most videos at TMDb are in, where all languages are kept. */
const commonLanguages =
  'en es fr de it pt ja ko zh ru nl pl sv da no fi cs hu tr el he ar hi th id vi uk ro bg hr sk sr sl et lv lt fa ta te ca'.split(
    ' ',
  );

/** @param language `xx-YY` */
export function isKept(kept: KeptLanguages, language: string): boolean {
  return kept === 'all' || kept.includes(language) || kept.includes(language.slice(0, 2));
}

/** Whether any of its countries is kept. @param code `xx` */
export function isCodeKept(kept: KeptLanguages, code: string): boolean {
  return kept === 'all' || kept.some((language) => language.slice(0, 2) === code);
}

/** The codes of the kept languages, without countries, at most forty. */
export function videoLanguagesOf(kept: KeptLanguages): string[] {
  const codes = kept === 'all' ? commonLanguages : kept.map((tag) => parseLanguage(tag)?.code ?? tag);
  return [...new Set(codes)].slice(0, maxVideoLanguages);
}
