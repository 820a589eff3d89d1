import { parseLanguage, tagOf } from '#shared/languages/language.ts';
import { parseQuery } from '../../http/plugins/query.ts';
import { TmdbFailure } from './tmdb-failure.ts';

const mostPages = 500;
export const pageSize = 20;

/** TMDb answers in it where no language is asked for. */
export const english = 'en-US';

/** The query of a request as TMDb reads it: of a name given twice the last counts, an empty value is none. */
export interface AskedQuery {
  get(name: string): string | undefined;
  /** Values separated by commas. */
  list(name: string): string[];
  isTrue(name: string): boolean;
  names(): string[];
}

/** @throws {NexusError} `invalid_input` for more parameters than can mean anything */
export function readQuery(url: string): AskedQuery {
  const start = url.indexOf('?');
  const given = start === -1 ? {} : parseQuery(url.slice(start + 1));
  const get = (name: string) => {
    const value = given[name];
    const last = Array.isArray(value) ? value.at(-1) : value;
    return last === undefined || last === '' ? undefined : storable(last);
  };
  return {
    get,
    list: (name) => (get(name) ?? '').split(',').filter((each) => each !== ''),
    isTrue: (name) => /^(true|1)$/i.test(get(name) ?? ''),
    names: () => Object.keys(given),
  };
}

/** PostgreSQL takes neither NUL nor half of a pair of surrogates. */
const storable = (text: string) => text.replaceAll('\0', '').toWellFormed();

/** @throws {TmdbFailure} 22 */
export function pageOf(query: AskedQuery): number {
  const text = query.get('page') ?? '1';
  const page = Number(text);
  if (!/^\d{1,3}$/.test(text) || page < 1 || page > mostPages) throw new TmdbFailure(22);
  return page;
}

/** `xx-YY`; English where none is asked for, or none that there is. */
export function languageOf(query: AskedQuery): string {
  const language = parseLanguage(query.get('language') ?? '');
  return language === undefined ? english : tagOf(language);
}

const maxId = 2_147_483_647;

/** `550`, or `550-fight-club` as TMDb's own pages write it. @throws {TmdbFailure} 34 */
export function idOf(text = ''): number {
  const [, digits = ''] = /^0*(\d{1,10})(?:-.*)?$/s.exec(text) ?? [];
  const id = Number(digits);
  if (digits === '' || id < 1 || id > maxId) throw new TmdbFailure(34);
  return id;
}

interface Page {
  page: number;
  /** JSON of the rows. */
  results: string;
  total: number;
  /** How many pages an empty list has: TMDb says 1 or 0. */
  least?: 0 | 1;
}

/** A page of a list as TMDb sends it: more pages than can be asked for are not promised. */
export function pageText({ page, results, total, least = 1 }: Page): string {
  const pages = Math.max(least, Math.min(mostPages, Math.ceil(total / pageSize)));
  return `{"page":${page},"results":${results},"total_pages":${pages},"total_results":${total}}`;
}
