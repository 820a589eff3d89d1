import { Elysia, status } from 'elysia';
import { MirrorMeta } from '../http/answers/model.ts';
import { sendReady } from '../http/answers/send-ready.ts';
import type { Admission } from '../http/callers/admission.ts';
import type { ClientAddress } from '../http/callers/client-address.ts';
import { stateGuard } from '../http/callers/route-needs.ts';
import type { PendingAnswer } from '../http/contract/answer.ts';
import { describeRoute } from '../http/contract/describe-route.ts';
import { invalidInput } from '../http/contract/failures.ts';
import type { AnswerError } from '../http/failures/error-answerer.ts';
import { MovieParams, movieIdOf, tmdbIdOf, UncheckedMovieParams } from '../http/input/movie-params.ts';
import { guardBy, optionalViewer } from '../http/plugins/guards.ts';
import { refuseParameters, strictQuery } from '../http/plugins/query.ts';
import { movieOfEach, theMovie, type WithViewerFlags } from '../viewer/viewer-flags.ts';
import { Movie, RelatedMovie, RelatedQuery } from './model.ts';
import type { MovieService } from './service.ts';

interface Exchange {
  request: Request;
  set: { headers: Record<string, string | number | undefined> };
}

interface DetailCall extends Exchange {
  params: { tmdb_movie_id: string };
}

interface MovieRoutesDeps {
  movies: MovieService;
  withViewerFlags: WithViewerFlags;
  admission: Admission;
  addressOf: ClientAddress;
  answerError: AnswerError;
}

export function movieRoutes(deps: MovieRoutesDeps) {
  return new Elysia({ name: 'movies' }).use(detailRoute(deps)).use(relatedRoute(deps));
}

/**
 * The busiest route. A ready answer is sent without a promise, which would cost as much as all the rest. So
 * there is no hook and no schema that may wait, and the handler does not return a call directly: the
 * framework would take it for a wait.
 */
function detailRoute(deps: MovieRoutesDeps) {
  const { movies, withViewerFlags, admission, addressOf, answerError } = deps;
  const guard = guardBy(admission, 'optional');
  const unready = async ({ request, set }: Exchange, tmdbId: string) => {
    try {
      const viewer = await guard.judge(request);
      refuseParameters(request.url);
      const answer = await movies.detail(movieIdOf(tmdbId), addressOf(request));
      if (answer.kind === 'pending') return sendPending({ set });
      const body = await withViewerFlags(answer.body, viewer, theMovie);
      return sendReady({ request, set, viewer }, body, answer);
    } catch (error) {
      // The framework does not catch what a handler leaves to run.
      return answerError({ error, request, set });
    }
  };
  return new Elysia({ name: 'movie-detail' }).get(
    '/api/movies/:tmdb_movie_id',
    stateGuard(guard, ({ params, request, set }: DetailCall) => {
      const tmdbId = params.tmdb_movie_id;
      const isPlain = request.headers.get('authorization') === null && !request.url.includes('?');
      // What is no id is refused only after the request is counted.
      const id = isPlain ? tmdbIdOf(tmdbId) : undefined;
      const ready = id === undefined ? undefined : movies.readyDetail(id);
      const atOnce = ready !== undefined && admission.admitsAtOnce(request);
      const answer = atOnce ? sendReady({ request, set }, ready) : unready({ request, set }, tmdbId);
      return answer;
    }),
    { params: UncheckedMovieParams, ...describeRoute(detailDescription) },
  );
}

function relatedRoute({ movies, withViewerFlags, admission, addressOf }: MovieRoutesDeps) {
  return new Elysia({ name: 'movie-related' })
    .use(optionalViewer(admission))
    .use(strictQuery())
    .get(
      '/api/movies/:tmdb_movie_id/recommendations',
      async ({ params, query, request, set, viewer }) => {
        const asked = { tmdbId: params.tmdb_movie_id, limit: query.limit, dateOfBirth: viewer?.dateOfBirth };
        const answer = await movies.related(asked, addressOf(request));
        if (answer.kind === 'pending') return sendPending({ set });
        const body = await withViewerFlags(answer.body, viewer, movieOfEach);
        return sendReady({ request, set, viewer }, body, answer);
      },
      { params: MovieParams, query: RelatedQuery, ...describeRoute(relatedDescription) },
    );
}

/** How soon asking again makes sense. */
const retryAfterSeconds = 2;

/** Not here yet, but on its way. */
function sendPending({ set }: Pick<Exchange, 'set'>): PendingAnswer {
  set.headers['retry-after'] = String(retryAfterSeconds);
  set.headers['cache-control'] = 'no-store';
  return status(202, {
    status: 'pending',
    message: 'This movie is being fetched from TMDb. Please ask again in a moment.',
    code: 'fetch_pending',
    retry_after: retryAfterSeconds,
  });
}

const perMovie = [
  401,
  { code: 'movie_not_found' },
  { code: 'movie_gone' },
  { code: 'movie_moved' },
  429,
  500,
  503,
  { code: 'upstream_unavailable' },
] as const;

const detailDescription = {
  tag: 'Movies',
  summary: 'Get one movie with all details',
  description:
    'A movie that is not mirrored yet is fetched by the worker. The request waits for it for a moment and then answers 202. While TMDb cannot be reached, a movie that is known only from a list is answered with what the list said and `stale: true`. `images.poster` is null for a movie without a poster, and `images.backdrop` for one without a backdrop.',
  data: Movie,
  meta: MirrorMeta,
  mirrored: true,
  pending: true,
  failures: [...perMovie, invalidInput('tmdb_movie_id', 'must be a whole number from 1 to 2147483647')],
} as const;

const relatedDescription = {
  tag: 'Movies',
  summary: 'List movies related to one movie',
  description:
    "The best come first. The score adds up TMDb's recommendations and similar movies, what users of this service like together, and the same collection, directors, actors, keywords and genres. The reasons say which of these apply. Adult titles are shown only to callers known to be 18 or older. Titles certified (US) for more than the age of a signed-in caller are left out.",
  data: [RelatedMovie],
  meta: MirrorMeta,
  mirrored: true,
  pending: true,
  failures: [...perMovie, 422],
} as const;
