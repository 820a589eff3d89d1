import { securityEventNames, securityOutcomes } from '#shared/security/security-event.ts';
import type { CursorPageMeta } from '../http/answers/model.ts';
import type { EventsQuery, SecurityEvent } from '../security-log/model.ts';
import { consoleHeader } from './console-header.ts';
import { type Html, html } from './html.ts';
import { layout } from './layout.ts';
import { pager } from './pager.ts';
import { choice, number, table } from './parts.ts';

interface LogPage {
  events: readonly SecurityEvent[];
  meta: CursorPageMeta;
  query: EventsQuery;
}

/** Who did what, and what was refused. */
export function logPage({ events, meta, query }: LogPage): string {
  const main = html`<h1>Security log</h1>
<section class="card" aria-labelledby="log-title"><h2 id="log-title">Events</h2>
<form class="filter" method="get" action="/admin/log" role="search">
${choice('event', 'Event', securityEventNames, query.event)}
${choice('outcome', 'Outcome', securityOutcomes, query.outcome)}
${field('user_id', 'User', query.user_id)}${field('address_key', 'Address', query.address_key)}
<button type="submit">Search</button></form>
<p class="quiet">${number(meta.total_results)} found. Lines are kept for 90 days. An address is shown as a keyed hash: the same address has the same one.</p>
${table({
  caption: 'Events, newest first',
  heads: ['Time', 'Event', 'Outcome', 'User', 'Done to', 'Address', 'Detail'],
  rows: events.map(({ at, event, outcome, user_id, subject_id, address_key, detail }) => [
    html`<time datetime="${at}">${at.slice(0, 19).replace('T', ' ')} UTC</time>`,
    html`${event}`,
    html`<span class="badge ${outcome === 'refused' ? 'stopped' : 'succeeded'}">${outcome}</span>`,
    onlyOf('user_id', user_id),
    onlyOf('user_id', subject_id),
    onlyOf('address_key', address_key),
    html`${detail ?? '–'}`,
  ]),
})}${pager('/admin/log', query, meta)}</section>`;
  return layout({ title: 'Security log', main, header: consoleHeader });
}

const field = (name: string, label: string, value: string | undefined): Html =>
  html`<label>${label} <input name="${name}" maxlength="64" value="${value ?? ''}"></label>`;

/** A link to all that has the same value. */
const onlyOf = (name: 'user_id' | 'address_key', value: string | null): Html =>
  value === null ? html`–` : html`<a href="/admin/log?${name}=${encodeURIComponent(value)}">${value}</a>`;
