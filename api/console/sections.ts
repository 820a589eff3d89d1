import { isJobName, jobs, type SyncJobName, syncJobNames } from '#shared/jobs/catalog.ts';
import { recordKinds } from '#shared/records/record.ts';
import type { JobFailure } from '../admin/failure-model.ts';
import type { SyncRun } from '../admin/model.ts';
import type { AdminOverview } from '../admin/overview-model.ts';
import { type Html, html } from './html.ts';
import { figure, number, table, time } from './parts.ts';

/** On top of everything: what an administrator should act on. */
export function noticesSection({ notices }: AdminOverview): Html {
  return html`<section id="notices" data-live aria-label="Notices">${
    notices.length > 0 &&
    html`<ul class="alerts">${notices.map(
      ({ code, sentence, since, what_to_do }) => html`<li class="card alert" data-code="${code}">
<p><strong>${sentence}</strong></p><p>${what_to_do}</p><p class="quiet">Since ${time(since)}</p></li>`,
    )}</ul>`
  }</section>`;
}

/** How the last run of each job went or goes, with a button for another. */
export function jobsSection(
  runs: readonly SyncRun[],
  overview: AdminOverview,
  nextRuns: ReadonlyMap<string, string>,
): Html {
  const newest = new Map([...runs].reverse().map((run) => [run.job, run]));
  return html`<section aria-labelledby="jobs-title"><h2 id="jobs-title">Jobs</h2><ul class="jobs">${syncJobNames.map(
    (job) => html`<li class="card job" data-job="${job}">
<h3>${jobs[job].label}</h3><p class="quiet">${jobs[job].meaning}</p>
<progress max="1" value="${newest.get(job)?.progress ?? 0}" aria-label="Progress of ${job}" data-progress></progress>
<p class="state" data-state>${stateOf(newest.get(job))}</p>
<p class="quiet" id="times-${job}" data-live>Last success: ${time(overview.mirror.last_success_at[job] ?? null)}<br>Next run: ${nextRuns.has(job) ? time(nextRuns.get(job) ?? null) : 'unknown'}</p>
${asksFirst[job] === undefined ? runForm(job) : html`<details class="ask"><summary>Run ${job}…</summary><p>${asksFirst[job]}</p>${runForm(job)}</details>`}</li>`,
  )}</ul></section>`;
}

const runForm = (job: SyncJobName) =>
  html`<form method="post" action="/admin/sync/${job}"><button type="submit">Run ${job} now</button></form>`;

/** What nobody should start by a slip of the finger, and why. */
const asksFirst: Partial<Record<SyncJobName, string>> = {
  purge:
    'This deletes the content of movies that could not be refreshed for 180 days. What users saved stays. It runs daily by itself.',
};

const stateOf = (run: SyncRun | undefined): string =>
  run === undefined ? 'has not run yet' : `${run.status}, ${number(run.counts.seen)} seen`;

const recordLabels = {
  person: 'People whom somebody asked for',
  collection: 'Collections',
  company: 'Companies',
} as const;

export function mirrorSection({ mirror, users }: AdminOverview): Html {
  const share = mirror.movies === 0 ? 0 : Math.round((1000 * mirror.detailed) / mirror.movies) / 10;
  return html`<section class="card" id="mirror" data-live aria-labelledby="mirror-title"><h2 id="mirror-title">Mirror</h2><dl class="figures">
${figure('Movies', number(mirror.movies), `${number(mirror.listed)} from lists, ${number(mirror.unknown)} known only by id`)}
${figure('With details', number(mirror.detailed), `${share} % of all`)}
${figure('Due for a refresh', number(mirror.stale))}
${figure('Deleted at TMDb, purged', `${number(mirror.gone)}, ${number(mirror.purged)}`)}
${figure('People', number(mirror.people), `${number(mirror.genres)} genres`)}
${recordKinds.map((kind) => figure(recordLabels[kind], number(mirror.records[kind].detailed), `${number(mirror.records[kind].gone)} deleted at TMDb, ${number(mirror.records[kind].unknown)} not found`))}
${figure('Oldest details', time(mirror.oldest_fetched_at))}
${figure('Newest details', time(mirror.newest_fetched_at))}
${figure('Changes known until', time(mirror.changes_read_until))}
${figure('Users', number(users.total), `${number(users.sessions)} signed in, ${number(users.new_last_7_days)} new this week`)}
</dl></section>`;
}

export function tmdbSection({ tmdb }: AdminOverview): Html {
  const circuit = { closed: 'answers', open: 'cannot be reached', stopped: 'refuses our key' }[tmdb.circuit];
  return html`<section class="card" id="tmdb" data-live aria-labelledby="tmdb-title"><h2 id="tmdb-title">TMDb</h2><dl class="figures">
${figure('TMDb', html`<span class="badge ${tmdb.circuit}">${circuit}</span>`, tmdb.reason ?? undefined)}
${figure('Last success', time(tmdb.last_success_at))}
${figure(`Calls in ${tmdb.window_hours} h`, number(tmdb.requests.reduce((sum, each) => sum + each.count, 0)))}
${figure('Of these, throttled (429)', number(tmdb.rate_limited))}
${figure('Average wait for the rate limit', tmdb.limiter.mean_wait_ms === null ? '–' : `${number(Math.round(tmdb.limiter.mean_wait_ms))} ms`)}
${tmdb.retry_at !== null && figure('Next probe', time(tmdb.retry_at))}
${tmdb.paused_until !== null && figure('Paused until', time(tmdb.paused_until))}
</dl></section>`;
}

export function queuesSection({ queues }: AdminOverview): Html {
  const shown = (count: number | null) => (count === null ? '–' : number(count));
  return html`<section class="card" id="queues" data-live aria-labelledby="queues-title"><h2 id="queues-title">Queues</h2>
${table({
  caption: 'Jobs in each queue',
  heads: ['Queue', 'Waiting', 'Active', 'Delayed', 'Failed', 'Workers'],
  rows: queues.map((queue) => [
    html`${queue.name}${!queue.up && html` <span class="badge stopped">no answer</span>`}`,
    ...[queue.waiting, queue.active, queue.delayed, queue.failed, queue.workers].map(
      (count) => html`${shown(count)}`,
    ),
  ]),
})}</section>`;
}

export function failuresSection(failures: readonly JobFailure[], total: number): Html {
  return html`<section class="card" id="failures" data-live aria-labelledby="failures-title"><h2 id="failures-title">Failures</h2>
${
  failures.length === 0
    ? html`<p class="quiet">No job has failed for good.</p>`
    : html`<p class="quiet">${number(total)} in all. Each one stays here until its job succeeds.</p>${table({
        caption: 'Jobs that failed for good, newest first',
        heads: ['Job', 'Subject', 'Reason', 'Failures', 'Last failure', 'Action'],
        rows: failures.map((failure) => [
          jobCell(failure.job),
          html`${failure.subject}`,
          html`${failure.message} <small>${failure.code}</small>`,
          html`${number(failure.times)}`,
          time(failure.last_failed_at),
          html`<form method="post" action="/admin/failures/${failure.id}/replay"><button type="submit" aria-label="Run ${failure.job} ${failure.subject} again">Run again</button></form>`,
        ]),
      })}`
}</section>`;
}

/** By its name where the catalogue no longer knows it. */
const jobCell = (job: string): Html =>
  isJobName(job)
    ? html`<span title="${jobs[job].meaning}">${jobs[job].label}</span> <small>${job}</small>`
    : html`${job}`;
