import { LRUCache } from 'lru-cache';
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
export type ReadQuery = (url: string) => AskedQuery;

const mostKeptBytes = 8 * 1024 * 1024;
const longestKept = 2048;
/** What a query takes beside its text, with all that is found out of it. */
const takenBeside = 2000;

/** Applications ask the same again and again: a query that was read is kept by its text, as long as there is room. */
export function createReadQuery(): ReadQuery {
  const kept = new LRUCache<string, AskedQuery>({
    maxSize: mostKeptBytes,
    sizeCalculation: (_, text) => takenBeside + 6 * text.length,
  });
  return (url) => {
    const start = url.indexOf('?');
    if (start === -1) return noQuery;
    const text = url.slice(start + 1);
    const known = kept.get(text);
    if (known !== undefined) return known;
    const query = queryFrom(text);
    if (text.length <= longestKept) kept.set(text, query);
    return query;
  };
}

function queryFrom(text: string): AskedQuery {
  const given = parseQuery(text);
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

const noQuery = queryFrom('');

/** PostgreSQL takes neither NUL nor half of a pair of surrogates. */
const storable = (text: string) => text.replaceAll('\0', '').toWellFormed();

/** @throws {TmdbFailure} 22 */
export function pageOf(query: AskedQuery): number {
  const text = query.get('page') ?? '1';
  const page = Number(text);
  if (!/^\d{1,3}$/.test(text) || page < 1 || page > mostPages) throw new TmdbFailure(22);
  return page;
}

const mostAppended = 20;

/** What is appended of what can be, each once and always in one order. @throws {TmdbFailure} 27 for more than TMDb takes */
export function appendedNames(query: AskedQuery, known: readonly string[]): string[] {
  const asked = query.list('append_to_response').map((name) => name.trim());
  if (asked.length > mostAppended) throw new TmdbFailure(27);
  return known.filter((name) => asked.includes(name));
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

/** `YYYY-MM-DD`, as it is or before a time. @throws {TmdbFailure} 23 */
export function dayOf(text: string): string {
  const [date = ''] = text.split('T');
  const isDate = /^[1-9]\d{3}-\d{2}-\d{2}$/.test(date) && !Number.isNaN(Date.parse(`${date}T00:00:00Z`));
  if (!isDate || new Date(`${date}T00:00:00Z`).toISOString().slice(0, 10) !== date) throw new TmdbFailure(23);
  return date;
}
