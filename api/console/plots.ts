import type { TmdbOverview } from '../admin/overview-model.ts';
import type { UpstreamUsage } from '../admin/upstream-usage.ts';
import { type Html, html, jsonBlock } from './html.ts';
import { table } from './parts.ts';

interface Plot {
  id: string;
  title: string;
  unit: string;
  /** How many calls the limiter lets through in one unit; `null` while no worker says so. */
  allowed: number | null;
  points: UpstreamUsage[];
}

/** What TMDb was asked over time: a plot for the eye, and the same as a sentence and a table. */
export function plotsSection(tmdb: TmdbOverview, hours: readonly UpstreamUsage[]): Html {
  const minutes = tmdb.by_minute.map(({ minute, ...counts }) => ({ at: minute, ...counts }));
  const allowedIn = (seconds: number) => tmdb.limiter.max_rps && tmdb.limiter.max_rps * seconds;
  return html`<section class="card wide" aria-labelledby="budget-title"><h2 id="budget-title">Calls to TMDb and the rate limit</h2><div class="plots">
${plot({ id: 'minutes', title: 'Per minute, last hour', unit: 'minute', allowed: allowedIn(60), points: minutes })}
${plot({ id: 'hours', title: 'Per hour, last 24 hours', unit: 'hour', allowed: allowedIn(3600), points: [...hours] })}
</div></section>`;
}

function plot({ id, title, unit, allowed, points }: Plot): Html {
  const sum = points.reduce((total, point) => total + point.requests, 0);
  const peak = Math.max(0, ...points.map((point) => point.requests));
  const asColumns = [
    points.map((point) => Date.parse(point.at) / 1000),
    points.map((point) => point.requests),
    points.map((point) => point.rate_limited),
    points.map((point) => point.failed),
    points.map((point) => point.mean_wait_ms),
    points.map(() => allowed),
  ];
  const share =
    allowed === null
      ? ''
      : `, ${Math.round((100 * peak) / allowed)} % of the ${allowed.toLocaleString('en')} allowed`;
  return html`<figure class="plot" id="plot-${id}"><figcaption>${title}</figcaption>
<div class="canvas" data-plot="${id}" aria-hidden="true"></div>
<script type="application/json" id="plot-data-${id}">${jsonBlock(asColumns)}</script>
<div id="plot-words-${id}" data-live><p class="quiet">${sum.toLocaleString('en')} calls, at most ${peak.toLocaleString('en')} in one ${unit}${share}.</p>
<details><summary>As a table</summary>${table({
    caption: `Calls to TMDb per ${unit}`,
    heads: ['Time (UTC)', 'Calls', 'Throttled', 'Failed', 'Average wait'],
    rows: points
      .filter((point) => point.requests + point.failed > 0)
      .map((point) => [
        html`${point.at.slice(11, 16)}`,
        html`${point.requests}`,
        html`${point.rate_limited}`,
        html`${point.failed}`,
        html`${point.mean_wait_ms === null ? '–' : `${Math.round(point.mean_wait_ms)} ms`}`,
      ]),
  })}</details></div></figure>`;
}
