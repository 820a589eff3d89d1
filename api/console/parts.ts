import { type Html, html } from './html.ts';

export const number = (value: number) => value.toLocaleString('en');
export const time = (at: string | null) =>
  at === null ? html`never` : html`<time datetime="${at}">${at.slice(0, 16).replace('T', ' ')} UTC</time>`;
export const figure = (name: string, value: Html | string, note?: Html | string) =>
  html`<div class="figure"><dt>${name}</dt><dd>${value}${note !== undefined && html`<small>${note}</small>`}</dd></div>`;

/** The name that was asked for, if it is one of these. */
export const nameIn = <Name extends string>(
  these: Record<Name, unknown>,
  asked: unknown,
): Name | undefined =>
  typeof asked === 'string' && Object.hasOwn(these, asked) ? (asked as Name) : undefined;

/** One of some, in a form with filters. */
export const choice = (name: string, label: string, values: readonly string[], chosen: string | undefined) =>
  html`<label>${label} <select name="${name}"><option value="">all</option>${values.map(
    (value) => html`<option${value === chosen && html` selected`}>${value}</option>`,
  )}</select></label>`;

interface Table {
  caption: string;
  heads: string[];
  rows: Html[][];
}

/** Wider than a phone: it scrolls by itself, with the keyboard too. */
export function table({ caption, heads, rows }: Table): Html {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table><caption>${caption}</caption>
<thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
<tbody>${rows.map(([first, ...cells]) => html`<tr><th scope="row">${first}</th>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>`)}</tbody></table></div>`;
}
