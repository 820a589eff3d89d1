import { syncJobNames } from '#shared/jobs/catalog.ts';
import { runStatuses } from '#shared/sync/sync-run.ts';
import type { RunsQuery, SyncRun } from '../admin/model.ts';
import { type Html, html } from './html.ts';
import { choice, number, table, time } from './parts.ts';

/** Which runs are shown. */
export type ShownRuns = Pick<RunsQuery, 'job' | 'status'> & { page: number };

export const runsPerPage = 12;

export function runsSection(runs: readonly SyncRun[], total: number, shown: ShownRuns): Html {
  return html`<section class="card wide" aria-labelledby="runs-title"><h2 id="runs-title">Runs</h2>
<form class="filter" method="get" action="/admin#runs">
${choice('job', 'Job', syncJobNames, shown.job)}
${choice('status', 'Status', runStatuses, shown.status)}
<button type="submit">Show</button></form>
<div id="runs" data-live>${runs.length === 0 ? html`<p class="quiet">There are no such runs.</p>` : listOf(runs)}
${pagesOf(total, shown)}</div></section>`;
}

const listOf = (runs: readonly SyncRun[]): Html =>
  table({
    caption: 'Runs, newest first',
    heads: ['Job', 'Status', 'Progress', 'Seen', 'New', 'Changed', 'Failed', 'Started', 'Trigger'],
    rows: runs.map((run) => [
      html`${run.job}`,
      html`<span class="badge ${run.status}">${run.status}</span>${run.error !== null && html` <small>${run.error}</small>`}`,
      html`<progress max="1" value="${run.progress}" aria-label="Progress of ${run.job}" data-run="${run.id}"></progress>`,
      ...(['seen', 'created', 'updated', 'failed'] as const).map(
        (count) => html`<span data-count="${count}">${number(run.counts[count])}</span>`,
      ),
      time(run.started_at ?? run.queued_at),
      html`${run.trigger}`,
    ]),
  });

function pagesOf(total: number, shown: ShownRuns): Html {
  const last = Math.max(1, Math.ceil(total / runsPerPage));
  const link = (page: number, words: string, rel: string) =>
    html` <a rel="${rel}" href="${hrefOf({ ...shown, page })}">${words}</a>`;
  return html`<p class="quiet">Page ${number(shown.page)} of ${number(last)}, ${number(total)} runs.
${shown.page > 1 && link(Math.min(shown.page - 1, last), 'Newer', 'prev')}${shown.page < last && link(shown.page + 1, 'Older', 'next')}</p>`;
}

function hrefOf({ job, status, page }: ShownRuns): string {
  const query = new URLSearchParams();
  if (job !== undefined) query.set('job', job);
  if (status !== undefined) query.set('status', status);
  if (page > 1) query.set('page', String(page));
  return `/admin${query.size > 0 ? `?${query}` : ''}#runs`;
}
