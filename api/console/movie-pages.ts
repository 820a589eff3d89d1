import type { MovieReport } from '../admin/movie-report-model.ts';
import { consoleHeader } from './console-header.ts';
import { type Html, html } from './html.ts';
import { layout } from './layout.ts';
import { figure, number, time } from './parts.ts';

/** A movie by its id, or by words of its title. */
export const movieSearch = (asked = ''): Html => html`<section class="card" aria-labelledby="movie-title">
<h2 id="movie-title">Look up a movie</h2>
<form class="filter" method="get" action="/admin/movies"><label>TMDb id or title <input name="q" value="${asked}" required maxlength="300"></label>
<button type="submit">Look up</button></form></section>`;

export interface FoundMovie {
  tmdb_id: number;
  title: string | null;
  release_date: string | null;
}

export function foundMoviesPage(asked: string, found: readonly FoundMovie[]): string {
  const main = html`<h1>Movies</h1>${movieSearch(asked)}<section class="card" aria-label="Found">${
    found.length === 0
      ? html`<p>No movie of the mirror has such a title. Try its TMDb id.</p>`
      : html`<ul>${found.map(
          ({ tmdb_id, title, release_date }) =>
            html`<li><a href="/admin/movies/${tmdb_id}">${title ?? `Movie ${tmdb_id}`}</a> ${release_date?.slice(0, 4)} <small>${tmdb_id}</small></li>`,
        )}</ul>`
  }</section>`;
  return layout({ title: 'Movies', main, header: consoleHeader });
}

interface MoviePage {
  tmdbId: number;
  /** `undefined`: nothing is known of it. */
  report: MovieReport | undefined;
  notice?: string | undefined;
}

export function moviePage({ tmdbId, report, notice }: MoviePage): string {
  const main = html`<h1>${report?.title ?? `Movie ${tmdbId}`}</h1>
<p class="notice" role="status">${notice}</p>
<section class="card" aria-label="What is known">${
    report === undefined ? html`<p>Nothing is known of this movie yet.</p>` : figuresOf(report)
  }
<form method="post" action="/admin/movies/${tmdbId}/fetch"><button type="submit">Fetch again</button></form>
<p class="quiet"><a href="/admin/movies/${tmdbId}">Look again</a> · <a href="/api/movies/${tmdbId}">What readers get</a> · <a href="https://www.themoviedb.org/movie/${tmdbId}">At TMDb</a> · <a href="/admin">Back to the console</a></p>
</section>${movieSearch()}`;
  return layout({ title: report?.title ?? `Movie ${tmdbId}`, main, header: consoleHeader });
}

const meanings: Record<NonNullable<MovieReport['state']> | 'none', string> = {
  unknown: 'only its id, perhaps a title',
  listed: 'what a list said of it, no details yet',
  detailed: 'all details',
  gone: 'TMDb has deleted it',
  purged: 'its content was too old to keep',
  none: 'the mirror has no row for it',
};

function figuresOf(report: MovieReport): Html {
  const { state, failure, absence, referred_by: by } = report;
  return html`<dl class="figures">
${figure('TMDb id', String(report.tmdb_id), report.release_date ?? 'no release date')}
${figure('State', state ?? 'none', meanings[state ?? 'none'])}
${figure('Kept fresh because of', report.scope ?? 'nothing', report.scope === null ? 'known only as a relation' : undefined)}
${figure('Fetched', time(report.fetched_at), ageOf(report))}
${figure('Interactions of users', number(by.interactions), `${number(by.preferences)} name it as a favorite`)}
${figure('Related to', `${number(by.related_movies)} movies`, by.trending_lists.length > 0 ? `trending: ${by.trending_lists.join(', ')}` : undefined)}
${report.attempted_at !== null && figure('Last failed attempt of details', time(report.attempted_at))}
${absence !== null && figure('TMDb said “no such movie”', time(absence.last_seen_at), html`first ${time(absence.first_seen_at)}`)}
${report.gone_at !== null && figure('Gone since', time(report.gone_at))}
</dl>${
    failure !== null &&
    html`<p class="problem">Fetching it failed ${number(failure.times)} times, last ${time(failure.last_failed_at)}: ${failure.message} <code>${failure.code}</code></p>`
  }`;
}

function ageOf({ age_seconds: age, stale }: MovieReport): string | undefined {
  if (age === null) return undefined;
  const days = age / 86_400;
  const words =
    days >= 2
      ? `${Math.floor(days)} days old`
      : age >= 7200
        ? `${Math.floor(age / 3600)} hours old`
        : `${Math.floor(age / 60)} minutes old`;
  return stale ? `${words}, due for a refresh` : words;
}
