import { Elysia, status } from 'elysia';
import { LRUCache } from 'lru-cache';
import type { OthersOf } from '../http/answers/had-again.ts';
import { MirrorLanguageMeta, MovieMeta } from '../http/answers/model.ts';
import { sendReady } from '../http/answers/send-ready.ts';
import type { Admission } from '../http/callers/admission.ts';
import type { ClientAddress } from '../http/callers/client-address.ts';
import { stateGuard } from '../http/callers/route-needs.ts';
import type { Viewer } from '../http/callers/viewer.ts';
import type { PendingAnswer } from '../http/contract/answer.ts';
import { describeRoute } from '../http/contract/describe-route.ts';
import { invalidInput } from '../http/contract/failures.ts';
import type { AnswerError } from '../http/failures/error-answerer.ts';
import type { AskedLocale } from '../http/input/asked-locale.ts';
import { MovieParams, movieIdOf, tmdbIdOf, UncheckedMovieParams } from '../http/input/movie-params.ts';
import { guardBy, optionalViewer } from '../http/plugins/guards.ts';
import { checkedQuery, strictQuery } from '../http/plugins/query.ts';
import { movieOfEach, theMovie, type WithViewerFlags } from '../viewer/viewer-flags.ts';
import { Movie, MovieQuery, RelatedMovie, RelatedQuery, UncheckedMovieQuery } from './model.ts';
import type { AskedDetail } from './read-detail.ts';
import type { MovieService } from './service.ts';

interface Exchange {
  request: Request;
  set: { headers: Record<string, string | number | undefined> };
}

interface Signed extends Exchange {
  viewer: Viewer | undefined;
}

interface Admitted {
  asked: AskedDetail;
  viewer: Viewer | undefined;
}

type ReadyDetail = NonNullable<ReturnType<MovieService['readyDetail']>>;

interface DetailCall extends Exchange {
  params: { tmdb_movie_id: string };
}

interface MovieRoutesDeps {
  movies: MovieService;
  withViewerFlags: WithViewerFlags;
  localeOf: AskedLocale;
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
  const { movies, withViewerFlags, localeOf, admission, addressOf, answerError } = deps;
  const guard = guardBy(admission, 'optional');
  const queries = rememberQueries();
  const others = createOtherDetails(deps);
  const sendCold = async ({ request, set, viewer }: Signed, asked: AskedDetail) => {
    const begun = others.begunFor(request);
    const answer = await movies.detail(asked, { address: addressOf(request), begun });
    if (answer.kind === 'pending') return sendPending({ set });
    const body = await withViewerFlags(answer.body, viewer, theMovie);
    const { cacheable } = answer;
    return sendReady({ request, set, viewer }, body, { cacheable, language: asked.locale.language, others });
  };
  /** @param admitted who asks and for what, if that is known and counted already */
  const unready = async ({ request, set }: Exchange, text: string, admitted: Admitted | undefined) => {
    try {
      if (admitted !== undefined)
        return await sendCold({ request, set, viewer: admitted.viewer }, admitted.asked);
      const viewer = await guard.judge(request);
      const locale = localeOf({ request, query: queries.read(request), viewer });
      return await sendCold({ request, set, viewer }, { tmdbId: movieIdOf(text), locale });
    } catch (error) {
      // The framework does not catch what a handler leaves to run.
      return answerError({ error, request, set });
    }
  };
  const sendDetail = (exchange: Signed, ready: ReadyDetail, language: string | undefined) => {
    const body = withViewerFlags(ready, exchange.viewer, theMovie);
    if (!(body instanceof Promise)) return sendReady(exchange, body, { language, others });
    return body
      .then((whole) => sendReady(exchange, whole, { language, others }))
      .catch((error) => answerError({ error, ...exchange }));
  };
  return new Elysia({ name: 'movie-detail' }).get(
    '/api/movies/:tmdb_movie_id',
    stateGuard(guard, ({ params, request, set }: DetailCall) => {
      const text = params.tmdb_movie_id;
      const caller = admission.callerAtOnce(request);
      const viewer = caller === 'visitor' ? undefined : caller;
      const query = caller === undefined ? undefined : queries.known(request);
      // What is no id is refused only after the request is counted.
      const tmdbId = query === undefined ? undefined : tmdbIdOf(text);
      const asked =
        tmdbId === undefined ? undefined : { tmdbId, locale: localeOf({ request, query, viewer }) };
      const isBegun = others.begunFor(request) !== undefined;
      const isAdmitted = asked !== undefined && (isBegun || admission.admitsAtOnce(request, viewer));
      const ready = isAdmitted && !isBegun ? movies.readyDetail(asked) : undefined;
      const answer =
        ready === undefined
          ? unready({ request, set }, text, isAdmitted ? { asked, viewer } : undefined)
          : sendDetail({ request, set, viewer }, ready, asked?.locale.language);
      return answer;
    }),
    { params: UncheckedMovieParams, query: UncheckedMovieQuery, ...describeRoute(detailDescription) },
  );
}

interface OtherDetails extends OthersOf {
  /** What was looked for before the route was asked: its caller is admitted and counted. */
  begunFor(request: Request): FoundDetail | undefined;
}

type FoundDetail = ReturnType<MovieService['findDetail']>;

/** Movies that the mirror has, for whoever asks for no more than the id. All others are for the route. */
function createOtherDetails({
  movies,
  withViewerFlags,
  localeOf,
}: Pick<MovieRoutesDeps, 'movies' | 'withViewerFlags' | 'localeOf'>): OtherDetails {
  const begun = new WeakMap<Request, FoundDetail>();
  return {
    begunFor: (request) => begun.get(request),
    answer({ text, request, viewer, admits }) {
      const tmdbId = tmdbIdOf(text);
      if (tmdbId === undefined || !admits()) return undefined;
      const asked = { tmdbId, locale: localeOf({ request, viewer }) };
      const ready = movies.readyDetail(asked);
      const body = ready && withViewerFlags(ready, viewer, theMovie);
      if (body !== undefined && !(body instanceof Promise)) return body;
      const found = ready === undefined ? movies.findDetail(asked) : undefined;
      const isForRoute = () => {
        begun.set(request, found ?? movies.findDetail(asked));
        return undefined;
      };
      if (found === undefined) return body?.catch(isForRoute);
      return found.then(({ ready: read }) => {
        const whole = read === undefined ? isForRoute() : withViewerFlags(read.body, viewer, theMovie);
        return whole instanceof Promise ? whole.catch(isForRoute) : whole;
      }, isForRoute);
    },
  };
}

const remembered = { queries: 1000, longest: 100 };

/** What query strings stand for: the busiest route checks each of the usual ones once. */
function rememberQueries() {
  const known = new LRUCache<string, MovieQuery>({ max: remembered.queries });
  const none: MovieQuery = {};
  const textOf = ({ url }: Request) => {
    const start = url.indexOf('?');
    return start === -1 ? '' : url.slice(start + 1);
  };
  return {
    known(request: Request): MovieQuery | undefined {
      const text = textOf(request);
      return text === '' ? none : known.get(text);
    },
    /** @throws {NexusError} `invalid_input` */
    read(request: Request): MovieQuery {
      const query = checkedQuery(request, MovieQuery);
      const text = textOf(request);
      if (text.length <= remembered.longest) known.set(text, query);
      return query;
    },
  };
}

function relatedRoute(deps: MovieRoutesDeps) {
  const { movies, withViewerFlags, localeOf, admission, addressOf } = deps;
  return new Elysia({ name: 'movie-related' })
    .use(optionalViewer(admission))
    .use(strictQuery())
    .get(
      '/api/movies/:tmdb_movie_id/recommendations',
      async ({ params, query, request, set, viewer }) => {
        const locale = localeOf({ request, query, viewer });
        const asked = { tmdbId: params.tmdb_movie_id, limit: query.limit, caller: viewer, locale };
        const answer = await movies.related(asked, addressOf(request));
        if (answer.kind === 'pending') return sendPending({ set });
        const body = await withViewerFlags(answer.body, viewer, movieOfEach);
        const { cacheable } = answer;
        return sendReady({ request, set, viewer }, body, { cacheable, language: locale.language });
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
  meta: MovieMeta,
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
  meta: MirrorLanguageMeta,
  mirrored: true,
  pending: true,
  failures: [...perMovie, 422],
} as const;
