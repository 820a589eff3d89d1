import type { JobFailure } from '../admin/failure-model.ts';
import type { SyncRun } from '../admin/model.ts';
import type { AdminOverview } from '../admin/overview-model.ts';
import type { UpstreamUsage } from '../admin/upstream-usage.ts';
import { html } from './html.ts';
import { layout } from './layout.ts';
import { plotsSection } from './plots.ts';
import {
  failuresSection,
  jobsSection,
  mirrorSection,
  noticesSection,
  queuesSection,
  runsSection,
  tmdbSection,
} from './sections.ts';

/** What an action led to, as a page that follows it says. */
export const notices = {
  requested: 'The job was requested.',
  running: 'This job is already running.',
  away: 'The queue does not answer. Please try again.',
  replayed: 'The failed job was requested again.',
  missing: 'This failed job no longer exists.',
  outdated: 'This job was saved in a format that this version cannot read. It cannot run again.',
} as const;
export type NoticeName = keyof typeof notices;

export interface ConsoleFigures {
  overview: AdminOverview;
  hours: UpstreamUsage[];
  runs: SyncRun[];
  /** The newest of each job. */
  newest: SyncRun[];
  failures: JobFailure[];
  failuresTotal: number;
}

export const consoleHeader = html`<nav aria-label="Elsewhere"><a href="/admin/users">Users</a><a href="/admin/queues">Bull dashboard</a><a href="/docs">API docs</a><a href="/metrics">Metrics</a></nav>
<form method="post" action="/admin/sign-out"><button type="submit">Sign out</button></form>`;

export function consolePage(figures: ConsoleFigures, notice?: NoticeName): string {
  const { overview, hours, runs, newest, failures, failuresTotal } = figures;
  const main = html`<h1>Console</h1>
${noticesSection(overview)}
<p class="notice" role="status" id="said">${notice !== undefined && notices[notice]}</p>
${jobsSection(newest, overview)}
<div class="grid">${mirrorSection(overview)}${tmdbSection(overview)}${plotsSection(overview.tmdb, hours)}${queuesSection(overview)}${failuresSection(failures, failuresTotal)}${runsSection(runs)}</div>`;
  return layout({ title: 'Console', main, header: consoleHeader, script: true });
}
