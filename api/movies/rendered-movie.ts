import { type FreshnessFacts, isStale } from '#shared/movies/freshness.ts';
import { mirrorMeta, type Refresh } from '../http/answers/mirror-meta.ts';
import type { MirrorMeta } from '../http/answers/model.ts';
import { type ReadyBody, type Room, readyBody, withMeta } from '../http/answers/ready-body.ts';
import type { Json } from '../http/contract/answer.ts';

/** `age_seconds` may lag by this much, so that answers can stay as they are. */
const renderedForMs = 60_000;

/** One movie's answer, ready to be sent until `renderAgainAtMs`. Kept in the cache and changed in place. */
export interface RenderedMovie<Data, Language> extends Source<Language> {
  body: ReadyBody<Data, MetaIn<Language>>;
  renderAgainAtMs: number;
}

/** What stands in `meta` of one movie. */
export type MetaIn<Language> = MirrorMeta & { language: Language };

interface Source<Language> extends Readonly<FreshnessFacts> {
  readonly tmdbId: number;
  readonly language: Language;
  readonly odd: boolean;
}

/** What was asked for is part of what an answer is. */
type Asked = { asked: string };

/** What a stale movie's reader does about it. */
type AskForRefresh = (tmdbId: number) => Refresh;

export function renderMovie<Data, Language extends Asked>(
  source: Source<Language> & { data: Json<Data>; room?: Room | undefined },
  askForRefresh: AskForRefresh,
  nowMs: number,
): RenderedMovie<Data, Language> {
  const { tmdbId, data, room, fetchedAtMs, staleAtMs, language, odd } = source;
  const meta = metaOf(source, askForRefresh, nowMs);
  return {
    tmdbId,
    fetchedAtMs,
    staleAtMs,
    language,
    odd,
    body: readyBody(data, fetchedAtMs, meta, language.asked, room),
    renderAgainAtMs: renderAgainAtMs(source, nowMs),
  };
}

export function renderMovieAgain<Data, Language>(
  movie: RenderedMovie<Data, Language>,
  askForRefresh: AskForRefresh,
  nowMs: number,
): void {
  movie.body = withMeta(movie.body, metaOf(movie, askForRefresh, nowMs));
  movie.renderAgainAtMs = renderAgainAtMs(movie, nowMs);
}

/** As it was last known, while nobody can say whether it still is so. */
export const asOutdated = <Data, Language>(
  movie: RenderedMovie<Data, Language>,
  nowMs: number,
): RenderedMovie<Data, Language> => ({
  ...movie,
  body: withMeta(movie.body, {
    ...mirrorMeta({ fetchedAtMs: movie.fetchedAtMs, stale: true, refresh: 'none' }, nowMs),
    language: movie.language,
  }),
});

function metaOf<Language>(
  movie: Source<Language>,
  askForRefresh: AskForRefresh,
  nowMs: number,
): MetaIn<Language> {
  const stale = isStale(movie, nowMs);
  const refresh = stale ? askForRefresh(movie.tmdbId) : 'none';
  const meta = mirrorMeta({ fetchedAtMs: movie.fetchedAtMs, stale, refresh }, nowMs);
  return { ...meta, language: movie.language };
}

const renderAgainAtMs = (movie: FreshnessFacts, nowMs: number) =>
  Math.min(nowMs + renderedForMs, nextStalenessChangeMs(movie, nowMs));

/** The next moment at which "is it stale?" may get another answer; infinity when there is none left. */
export function nextStalenessChangeMs(
  { staleAtMs }: Pick<FreshnessFacts, 'staleAtMs'>,
  nowMs: number,
): number {
  // One more millisecond: freshness still holds at its very end.
  return staleAtMs + 1 > nowMs ? staleAtMs + 1 : Number.POSITIVE_INFINITY;
}
