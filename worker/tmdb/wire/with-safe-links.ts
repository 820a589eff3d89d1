import { isJsonObject } from '#shared/is-json-object.ts';
import { imagePath, isVideoKey } from './map-values.ts';

/** Values that applications make links of, by their keys, in JSON text: those that have to be looked at. */
const suspicious = new RegExp(
  [
    /"(?:homepage|link|url)":"(?!https?:\/\/|")/,
    /"(?:poster|backdrop|profile|logo|file|still)_path":"(?!\/[\w-][\w.-]*")/,
    /"(?:imdb|wikidata|facebook|instagram|tiktok|twitter|youtube)_id":"(?![^\s<>"\\]*")/,
    /"key":"(?![\w-]{1,64}")/,
  ]
    .map(({ source }) => source)
    .join('|'),
);

const addresses = new Set(['homepage', 'link', 'url']);
const paths = /^(?:poster|backdrop|profile|logo|file|still)_path$/;
const names = /^(?:imdb|wikidata|facebook|instagram|tiktok|twitter|youtube)_id$/;

/** Whether all links in an answer, written as JSON, lead where TMDb's do. To read the text takes a tenth of a walk. */
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
  if (addresses.has(key)) return isOfTheWeb(text) ? text : '';
  if (paths.test(key)) return imagePath(text);
  return names.test(key) && /[\s\p{C}<>"\\]/u.test(text) ? null : text;
}

/** Browsers skip spaces and control characters before and in a scheme. What has none is an address all the same. */
function isOfTheWeb(text: string): boolean {
  const [, scheme = 'https'] = /^([a-z][a-z\d+.-]*):/i.exec(text.replace(/[\s\p{C}]/gu, '')) ?? [];
  return /^https?$/i.test(scheme);
}
