import type { TmdbOverview } from '../admin/overview-model.ts';
import { type Html, html, jsonBlock } from './html.ts';
import { table } from './sections.ts';
import type { HourOfUsage } from './usage-by-hour.ts';

interface Point {
  at: string;
  requests: number;
  rate_limited: number;
  failed: number;
}

interface Plot {
  id: string;
  title: string;
  unit: string;
  points: Point[];
}

/** What TMDb was asked over time: a plot for the eye, and the same as a sentence and a table. */
export function plotsSection(tmdb: TmdbOverview, hours: readonly HourOfUsage[]): Html {
  const minutes = tmdb.by_minute.map(({ minute, ...counts }) => ({ at: minute, ...counts }));
  return html`<section class="card wide" aria-labelledby="budget-title"><h2 id="budget-title">Calls to TMDb</h2><div class="plots">
${plot({ id: 'minutes', title: 'By the minute, the last hour', unit: 'minute', points: minutes })}
${plot({ id: 'hours', title: 'By the hour, the last day', unit: 'hour', points: [...hours] })}
</div></section>`;
}

function plot({ id, title, unit, points }: Plot): Html {
  const sum = points.reduce((total, point) => total + point.requests, 0);
  const peak = Math.max(0, ...points.map((point) => point.requests));
  const asColumns = [
    points.map((point) => Date.parse(point.at) / 1000),
    points.map((point) => point.requests),
    points.map((point) => point.rate_limited),
    points.map((point) => point.failed),
  ];
  return html`<figure class="plot" id="plot-${id}"><figcaption>${title}</figcaption>
<div class="canvas" data-plot="${id}" aria-hidden="true"></div>
<script type="application/json" id="plot-data-${id}">${jsonBlock(asColumns)}</script>
<div id="plot-words-${id}" data-live><p class="quiet">${sum.toLocaleString('en')} calls, at most ${peak.toLocaleString('en')} in one ${unit}.</p>
<details><summary>As a table</summary>${table({
    caption: `Calls to TMDb by the ${unit}`,
    heads: ['From (UTC)', 'Calls', 'Throttled', 'Failed'],
    rows: points
      .filter((point) => point.requests + point.failed > 0)
      .map((point) => [
        html`${point.at.slice(11, 16)}`,
        html`${point.requests}`,
        html`${point.rate_limited}`,
        html`${point.failed}`,
      ]),
  })}</details></div></figure>`;
}
