import { NexusError } from '#shared/errors.ts';
import { mirrorMeta } from '../http/answers/mirror-meta.ts';
import { type ReadyBody, readyBody } from '../http/answers/ready-body.ts';
import type { CachedMovies, FoundMovie } from './cached-movies.ts';
import type { MovieRow } from './movie-row.ts';
import type { OnDemand } from './on-demand.ts';
import type { MetaIn } from './rendered-movie.ts';
import type { UpstreamState, UpstreamStatus } from './upstream-status.ts';

/** What a reader of a movie gets. If there is no such movie, an error is thrown. */
export type MovieAnswer<Data, Language> =
  | { kind: 'ready'; body: ReadyBody<Data, MetaIn<Language>>; cacheable: boolean }
  | { kind: 'pending' };

interface AnswerDeps {
  upstream: UpstreamStatus;
  onDemand: OnDemand;
  now: () => number;
}

export interface Asking<Data, Language> {
  address: string;
  /** Where it was looked for already. */
  begun?: Promise<FoundMovie<Data, Language>> | undefined;
}

/** Answers from the mirror. If the movie is missing, asks the worker for it and waits for a limited time. */
export async function answerMovie<Asked extends { tmdbId: number }, Data, Language extends { asked: string }>(
  deps: AnswerDeps,
  reads: CachedMovies<Asked, Data, Language>,
  asked: Asked,
  { address, begun }: Asking<Data, Language>,
): Promise<MovieAnswer<Data, Language>> {
  const { upstream, onDemand, now } = deps;
  const ready = begun === undefined ? reads.ready(asked) : undefined;
  if (ready !== undefined) return { kind: 'ready', body: ready.body, cacheable: true };
  const first = await (begun ?? reads.read(asked));
  if (first.standing !== 'missing') return shown(first);
  const before = await upstream.read();
  if (before.away) return withoutUpstream(first.reading, before, now());
  const outcome = await onDemand.fetch(asked.tmdbId, address);
  // Whoever waits looks into the table all the while: a moment later there is nothing new in it.
  const second = outcome === 'late' ? first : await reads.read(asked);
  if (second.standing !== 'missing') return shown(second);
  const after = await upstream.read();
  if (outcome === 'trouble' || after.away) return withoutUpstream(second.reading, after, now());
  return { kind: 'pending' };
}

function shown<Data, Language>({
  standing,
  reading,
  ready,
}: FoundMovie<Data, Language>): MovieAnswer<Data, Language> {
  if (standing === 'gone' && reading.moved_to !== null)
    throw new NexusError('movie_moved', 'TMDb merged this movie into another one.', {
      movedTo: reading.moved_to,
    });
  if (standing === 'gone') throw new NexusError('movie_gone', 'TMDb has deleted this movie.');
  if (standing === 'absent') throw new NexusError('movie_not_found', 'TMDb has no movie with this id.');
  if (ready === undefined) throw new Error('a mirrored movie has nothing to show');
  return { kind: 'ready', body: ready.body, cacheable: true };
}

/** While TMDb is away, what a list said of a movie is better than nothing, and is marked as such. */
function withoutUpstream<Data, Language extends { asked: string }>(
  reading: MovieRow<Data, Language>,
  { keyRejected, retryAfterMs }: UpstreamState,
  nowMs: number,
): MovieAnswer<Data, Language> {
  const { state, data, fetched_at_ms: fetchedAtMs, language } = reading;
  if (state !== 'listed' || data === null || fetchedAtMs === null)
    throw new NexusError(
      'upstream_unavailable',
      keyRejected
        ? 'TMDb does not accept the key of this service, and this movie is not mirrored yet. An administrator must act.'
        : 'TMDb cannot be reached right now, and this movie is not mirrored yet. Please try again soon.',
      { retryAfterMs },
    );
  const meta = { ...mirrorMeta({ fetchedAtMs, stale: true, refresh: 'none' }, nowMs), language };
  return { kind: 'ready', body: readyBody(data, fetchedAtMs, meta, language.asked), cacheable: false };
}
