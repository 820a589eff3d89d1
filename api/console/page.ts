import type { SettingInEffect } from '#shared/settings-in-effect.ts';
import type { JobFailure } from '../admin/failure-model.ts';
import type { SyncRun } from '../admin/model.ts';
import type { AdminOverview } from '../admin/overview-model.ts';
import type { UpstreamUsage } from '../admin/upstream-usage.ts';
import { aboutSection } from './about-section.ts';
import { consoleHeader } from './console-header.ts';
import { html } from './html.ts';
import { layout } from './layout.ts';
import { movieSearch } from './movie-pages.ts';
import { plotsSection } from './plots.ts';
import { runsSection, type ShownRuns } from './runs-section.ts';
import {
  failuresSection,
  jobsSection,
  mirrorSection,
  noticesSection,
  queuesSection,
  tmdbSection,
} from './sections.ts';

interface ActionNotice {
  sentence: string;
  /** Whether what was asked for is done; else nothing was changed. */
  isDone: boolean;
}

/** What an action led to, as a page that follows it says. */
export const notices = {
  requested: { sentence: 'The job was requested.', isDone: true },
  running: { sentence: 'This job is already running.', isDone: false },
  away: { sentence: 'The queue does not answer. Please try again.', isDone: false },
  replayed: { sentence: 'The failed job was requested again.', isDone: true },
  fetching: { sentence: 'The movie is being fetched. Look again in a moment.', isDone: true },
  missing: { sentence: 'This failed job no longer exists.', isDone: false },
  outdated: {
    sentence: 'This job was saved in a format that this version cannot read. It cannot run again.',
    isDone: false,
  },
} as const satisfies Record<string, ActionNotice>;
export type NoticeName = keyof typeof notices;

export interface ConsoleFigures {
  overview: AdminOverview;
  hours: UpstreamUsage[];
  runs: SyncRun[];
  runsTotal: number;
  shownRuns: ShownRuns;
  /** When each job runs next; empty while the queue does not answer. */
  nextRuns: ReadonlyMap<string, string>;
  version: string;
  settings: readonly SettingInEffect[];
  /** The newest of each job. */
  newest: SyncRun[];
  failures: JobFailure[];
  failuresTotal: number;
}

export function consolePage(figures: ConsoleFigures, notice?: NoticeName): string {
  const { overview, hours, newest, failures, failuresTotal } = figures;
  const said: ActionNotice | undefined = notice && notices[notice];
  const main = html`<h1>Console</h1>
${noticesSection(overview)}
<p class="notice${said?.isDone === false && ' undone'}" role="status" id="said">${said?.sentence}</p>
${jobsSection(newest, overview, figures.nextRuns)}
<div class="grid">${mirrorSection(overview)}${tmdbSection(overview)}${plotsSection(overview.tmdb, hours)}${queuesSection(overview)}${failuresSection(failures, failuresTotal)}${runsSection(figures.runs, figures.runsTotal, figures.shownRuns)}${movieSearch()}${aboutSection(figures.version, figures.settings)}</div>`;
  return layout({ title: 'Console', main, header: consoleHeader, script: true });
}
