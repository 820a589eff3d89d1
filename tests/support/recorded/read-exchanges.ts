import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isJsonObject } from '#shared/is-json-object.ts';

export type Json = Record<string, unknown>;

/** What TMDb once answered with 200. */
export interface Exchange {
  file: string;
  /** Who recorded it: what was recorded together fits together. */
  batch: string;
  path: string;
  query: string;
  json: Json;
}

const folder = join(
  process.env.NEXUS_REAL_DATA || join(import.meta.dir, '../../../../shared/data'),
  'recorded',
);
export const hasExchanges = existsSync(folder);
if (!hasExchanges) process.stdout.write(`no recorded exchanges at ${folder}: their tests are left out\n`);

/** All of them; none where there is no such folder. */
export function readExchanges(): Exchange[] {
  if (!hasExchanges) return [];
  return readdirSync(folder)
    .filter((file) => file.includes('_get_200_3_'))
    .toSorted()
    .map((file) => {
      const { request, response } = JSON.parse(readFileSync(join(folder, file), 'utf8'));
      const batch = file.slice(0, file.indexOf('_'));
      return { file, batch, path: request.path, query: request.query ?? '', json: response.json };
    });
}

/** The rows of a page; empty for anything else. */
export const rowsOf = (of: unknown, name = 'results'): Json[] => {
  const rows = isJsonObject(of) ? (of as Json)[name] : undefined;
  return Array.isArray(rows) ? rows.filter(isJsonObject) : [];
};

export const without = (json: Json, names: readonly string[]): Json =>
  Object.fromEntries(Object.entries(json).filter(([name]) => !names.includes(name)));
