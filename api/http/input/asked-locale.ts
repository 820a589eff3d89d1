import { LRUCache } from 'lru-cache';
import type { Locales } from '#shared/config.ts';
import { parseLanguage, tagOf } from '#shared/languages/language.ts';
import type { Viewer } from '../callers/viewer.ts';
import type { PictureBase, PictureBaseOf } from './picture-base.ts';

/** What an answer is written for. */
export interface Locale {
  /** `xx-YY` */
  language: string;
  /** `XX`: whose certification and providers are shown. */
  region: string;
  /** `XX`: whose dates of release are shown; `undefined` for TMDb's own. */
  datesOf: string | undefined;
  /** Where its pictures are. */
  pictures: PictureBase;
}

interface Asked {
  request: Request;
  query?: { language?: string | undefined; region?: string | undefined } | undefined;
  viewer?: Pick<Viewer, 'country'> | undefined;
}

export type AskedLocale = (asked: Asked) => Locale;

/** Under which answers for a locale are kept. */
export const keyOfLocale = ({ language, region, datesOf = '', pictures }: Locale): string =>
  `${language}/${region}/${datesOf}${pictures.key}`;

const remembered = { headers: 1000, longest: 200 };

/** What was asked for: in the query, else by the header or in the profile, else the service's own. */
export function createAskedLocale(
  { defaultLanguage, defaultRegion }: Locales,
  picturesOf: PictureBaseOf,
): AskedLocale {
  const headers = new LRUCache<string, string>({ max: remembered.headers });
  const languageOf = (header: string): string => {
    const known = headers.get(header);
    if (known !== undefined) return known;
    const language = acceptedLanguage(header) ?? defaultLanguage;
    if (header.length <= remembered.longest) headers.set(header, language);
    return language;
  };
  return ({ request, query, viewer }) => {
    const datesOf = query?.region ?? viewer?.country ?? undefined;
    return {
      language: query?.language ?? languageOf(request.headers.get('accept-language') ?? ''),
      region: datesOf ?? defaultRegion,
      datesOf,
      pictures: picturesOf(request),
    };
  };
}

/** More are no preference, and no browser has a longer name for a language. */
const most = { entries: 50, tagLength: 35 };
const entry = /^\s*([a-z]{2,3}(?:-[a-z0-9]{1,8})*)\s*(?:;\s*q\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*)?$/i;

/** The first language of `Accept-Language` that we know, by its weights; what is not well formed is left aside. */
export function acceptedLanguage(header: string): string | undefined {
  const entries = header.split(',', most.entries).flatMap((text) => {
    const [, tag = '', weight = '1'] = entry.exec(text) ?? [];
    return tag === '' || Number(weight) === 0 ? [] : [{ tag, weight: Number(weight) }];
  });
  for (const { tag } of entries.sort((one, other) => other.weight - one.weight)) {
    const language = languageOfTag(tag);
    if (language !== undefined) return language;
  }
  return undefined;
}

/** Browsers also say the script (`zh-Hant-TW`, which leads to a country) or a part of the world (`es-419`). */
function languageOfTag(tag: string): string | undefined {
  const plain = parseLanguage(tag);
  if (plain !== undefined) return tagOf(plain);
  const [code = '', ...others] = tag.split('-');
  // What leads nowhere is not looked up: that takes long.
  if (others.length === 0 || tag.length > most.tagLength || parseLanguage(code) === undefined)
    return undefined;
  try {
    const { region = '' } = new Intl.Locale(tag).maximize();
    const full = parseLanguage(/^\d+$/.test(region) ? code : `${code}-${region}`);
    return full && tagOf(full);
  } catch {
    return undefined;
  }
}
