import { isStale, newReleaseMs, newReleaseStaleAfterMs, staleAfterMs } from '#shared/movies/freshness.ts';
import { mirrorMeta, type Refresh } from '../http/answers/mirror-meta.ts';
import type { MirrorMeta } from '../http/answers/model.ts';
import { type ReadyBody, readyBody, withMeta } from '../http/answers/ready-body.ts';
import type { JsonText } from '../http/contract/answer.ts';

/** `age_seconds` may lag by this much, so that answers can stay as they are. */
const renderedForMs = 60_000;

/** One movie's answer, ready to be sent until `renderAgainAtMs`. Kept in the cache and changed in place. */
export interface RenderedMovie<Data> {
  body: ReadyBody<Data, MirrorMeta>;
  readonly tmdbId: number;
  readonly fetchedAtMs: number;
  readonly releaseDate: string | null;
  renderAgainAtMs: number;
}

interface Source {
  tmdbId: number;
  fetchedAtMs: number;
  releaseDate: string | null;
}

/** What a stale movie's reader does about it. */
type AskForRefresh = (tmdbId: number) => Refresh;

export function renderMovie<Data>(
  source: Source & { data: JsonText<Data> },
  askForRefresh: AskForRefresh,
  nowMs: number,
): RenderedMovie<Data> {
  const { data, ...rest } = source;
  const meta = metaOf(rest, askForRefresh, nowMs);
  return {
    ...rest,
    body: readyBody(data, source.fetchedAtMs, meta),
    renderAgainAtMs: renderAgainAtMs(rest, nowMs),
  };
}

export function renderMovieAgain<Data>(
  movie: RenderedMovie<Data>,
  askForRefresh: AskForRefresh,
  nowMs: number,
): void {
  movie.body = withMeta(movie.body, metaOf(movie, askForRefresh, nowMs));
  movie.renderAgainAtMs = renderAgainAtMs(movie, nowMs);
}

/** As it was last known, while nobody can say whether it still is so. */
export const asOutdated = <Data>(movie: RenderedMovie<Data>, nowMs: number): RenderedMovie<Data> => ({
  ...movie,
  body: withMeta(
    movie.body,
    mirrorMeta({ fetchedAtMs: movie.fetchedAtMs, stale: true, refresh: 'none' }, nowMs),
  ),
});

function metaOf(movie: Source, askForRefresh: AskForRefresh, nowMs: number) {
  const stale = isStale(movie, nowMs);
  const refresh = stale ? askForRefresh(movie.tmdbId) : 'none';
  return mirrorMeta({ fetchedAtMs: movie.fetchedAtMs, stale, refresh }, nowMs);
}

const renderAgainAtMs = (movie: Source, nowMs: number) =>
  Math.min(nowMs + renderedForMs, nextStalenessChangeMs(movie, nowMs));

/** The next moment at which "is it stale?" may get another answer; infinity when there is none left. */
export function nextStalenessChangeMs(
  { fetchedAtMs, releaseDate }: Pick<Source, 'fetchedAtMs' | 'releaseDate'>,
  nowMs: number,
): number {
  const turns = [fetchedAtMs + newReleaseStaleAfterMs, fetchedAtMs + staleAfterMs];
  if (releaseDate !== null) {
    const releasedMs = Date.parse(`${releaseDate}T00:00:00Z`);
    turns.push(releasedMs - 1, releasedMs + newReleaseMs);
  }
  // One more millisecond: freshness still holds at its very end.
  return Math.min(...turns.map((turn) => turn + 1).filter((turn) => turn > nowMs));
}
