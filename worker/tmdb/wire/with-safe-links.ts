import { isJsonObject } from '#shared/is-json-object.ts';
import { imagePath, isVideoKey } from './map-values.ts';

/** Under which keys stands what applications make links of. */
const keys = {
  address: '(?:homepage|link|url)',
  path: '(?:poster|backdrop|profile|logo|file|still)_path',
  name: '(?:imdb|wikidata|facebook|instagram|tiktok|twitter|youtube)_id',
};

/** Between a key and its text. */
const leadsTo = String.raw`"\s*:\s*"`;
/**
 * What has to be looked at, in JSON text: by each key, what does not begin or look as it should. What all begin with
 * stands first, once: with it in each, it would be looked for as often.
 */
const suspicious = new RegExp(
  `"(?:${[
    `${keys.address}${leadsTo}(?!https?://|")`,
    String.raw`${keys.path}${leadsTo}(?!/[\w-][\w.-]*")`,
    String.raw`${keys.name}${leadsTo}(?![^\s<>"\\]*")`,
    String.raw`key${leadsTo}(?![\w-]{1,64}")`,
  ].join('|')})`,
);

const wholly = (key: string) => new RegExp(`^${key}$`);
const [isAddress, isPath, isName] = [keys.address, keys.path, keys.name].map(wholly) as [
  RegExp,
  RegExp,
  RegExp,
];

/**
 * Whether all links in an answer lead where TMDb's do. To read the text takes a tenth of a walk.
 * @param text JSON, with no key written in another way than `JSON.stringify` does
 */
export const hasSafeLinks = (text: string): boolean => !suspicious.test(text);

/**
 * The same answer without what could lead a reader of an application into a script of somebody else's: anybody may
 * edit TMDb. Such a value is as if TMDb had left it empty, and a video without a key is none.
 */
export function withSafeLinks(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((row) => !isUnplayable(row)).map(withSafeLinks);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [
      key,
      typeof entry === 'string' ? safe(key, entry) : withSafeLinks(entry),
    ]),
  );
}

const isUnplayable = (row: unknown) =>
  isJsonObject(row) && typeof row.site === 'string' && typeof row.key === 'string' && !isVideoKey(row.key);

function safe(key: string, text: string): string | null {
  if (isAddress.test(key)) return isOfTheWeb(text) ? text : '';
  if (isPath.test(key)) return imagePath(text);
  return isName.test(key) && /[\s\p{C}<>"\\]/u.test(text) ? null : text;
}

/** Browsers skip spaces and control characters before and in a scheme. What has none is an address all the same. */
function isOfTheWeb(text: string): boolean {
  const [, scheme = 'https'] = /^([a-z][a-z\d+.-]*):/i.exec(text.replace(/[\s\p{C}]/gu, '')) ?? [];
  return /^https?$/i.test(scheme);
}
