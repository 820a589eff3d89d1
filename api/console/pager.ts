import type { CursorPageMeta } from '../http/answers/model.ts';
import { mostReached } from '../http/input/page-query.ts';
import { type Html, html } from './html.ts';

interface AskedList {
  page?: number | undefined;
  after?: string | undefined;
  [filter: string]: string | number | undefined;
}

/** Links to the pages around this one of a list, with the same filters. */
export function pager(path: string, query: AskedList, { page, limit, next }: CursorPageMeta): Html {
  const to = (place: AskedList, words: string) => {
    const asked = Object.entries({ ...query, page: undefined, after: undefined, ...place });
    const given = asked.filter((field): field is [string, string | number] => field[1] !== undefined);
    const search = new URLSearchParams(given.map(([name, value]): [string, string] => [name, String(value)]));
    return html`<a href="${path}?${search.toString()}">${words}</a> `;
  };
  const newer = page * limit <= mostReached ? to({ page: page - 1 }, 'Newer') : to({}, 'Newest');
  return html`<nav aria-label="Pages">${page > 1 && newer}${next !== undefined && to({ after: next }, 'Older')}</nav>`;
}
