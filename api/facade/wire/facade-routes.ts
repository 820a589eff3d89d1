import { Elysia } from 'elysia';
import { rememberAgain } from '../../http/answers/had-again.ts';
import type { ClientAddress } from '../../http/callers/client-address.ts';
import type { Guard } from '../../http/callers/route-needs.ts';
import { stateGuard } from '../../http/callers/route-needs.ts';
import type { AnswerError } from '../../http/failures/error-answerer.ts';
import { createReadQuery, type ReadQuery } from './asked-query.ts';
import { type Exchange, type ReadyDocument, sendDocument } from './document.ts';
import { failureResponse } from './failure-response.ts';
import type { Admitted, Gate } from './gate.ts';
import { createReadOddPath } from './odd-paths.ts';
import { preflightHeaders } from './open-headers.ts';
import { TmdbFailure } from './tmdb-failure.ts';
import type { TmdbCall, TmdbRoute } from './tmdb-route.ts';

interface FacadeRoutesDeps {
  routes: readonly TmdbRoute[];
  gate: Gate;
  addressOf: ClientAddress;
  answerError: AnswerError;
  /** Told of each answer before it is sent, where pictures that are named are fetched. */
  noteNamed?: ((document: ReadyDocument) => void) | undefined;
  /** Counts that a key was used for a route. */
  countUse: (key: string, route: string) => void;
}

interface FacadeExchange extends Exchange {
  params?: Readonly<Record<string, string>>;
}

/** Below all routes: what TMDb has and the mirror has not (series, accounts), and what nobody has. */
const absent: TmdbRoute = {
  path: '*',
  answer: () => {
    throw new TmdbFailure(34);
  },
};

/**
 * TMDb's own v3 over the mirror, read-only. Nothing here is in our envelope, and no token of ours means anything. A
 * ready answer is sent without a promise, as the route of one movie does it (`movies/routes.ts`).
 */
export function facadeRoutes(deps: FacadeRoutesDeps) {
  const app = new Elysia({ name: 'facade' });
  const preflight = preflightGuard(deps.gate);
  const answerPreflight = async ({ request }: { request: Request }) => {
    await preflight.judge(request);
    return new Response(null, { status: 204, headers: preflightHeaders });
  };
  for (const place of places) app.options(place, stateGuard(preflight, answerPreflight), hidden);
  const readQuery = createReadQuery();
  const guard = guardOf(deps.gate, readQuery);
  const answers = deps.routes.map((route) => ({
    path: route.path,
    answer: answerBy(route, { ...deps, readQuery }),
  }));
  for (const { path, answer } of answers) app.get(`/3/${path}`, stateGuard(guard, answer), hidden);
  const readOddPath = createReadOddPath(answers);
  const answerAbsent = answerBy(absent, { ...deps, readQuery });
  const otherwise = (exchange: FacadeExchange) => {
    const found = readOddPath(exchange.request.url);
    const answer =
      found === undefined
        ? answerAbsent(exchange)
        : found.route.answer({ request: exchange.request, set: exchange.set, params: found.params });
    return answer;
  };
  for (const place of places) app.get(place, stateGuard(guard, otherwise), hidden);
  return app;
}

/** All that lies under `/3`, also with another slash before it. */
const places = ['/3', '/3/*', '//3/*'];
const hidden = { detail: { hide: true } };
/** A browser sends no key with a preflight. */
const preflightGuard = (gate: Gate): Guard => ({
  need: 'nothing',
  async judge(request) {
    await gate.countKeyless(request);
    return undefined;
  },
});

const guardOf = (gate: Gate, readQuery: ReadQuery): Guard => ({
  need: 'nothing',
  async judge(request) {
    await gate.admit(request, readQuery(request.url));
    return undefined;
  },
});

type AnswerDeps = FacadeRoutesDeps & { readQuery: ReadQuery };

function answerBy(route: TmdbRoute, deps: AnswerDeps) {
  const { gate, addressOf, answerError, countUse, noteNamed, readQuery } = deps;
  const failed = (exchange: Exchange, error: unknown) => {
    if (!(error instanceof TmdbFailure)) return answerError({ error, ...exchange });
    const response = failureResponse(error);
    exchange.set.status = response.status;
    return response;
  };
  const callOf = ({ request, params = {} }: FacadeExchange): TmdbCall => ({
    params,
    query: readQuery(request.url),
    addressOf: () => addressOf(request),
    request,
  });
  const count = (key: Admitted) => countUse(key?.name ?? '(none)', route.path);
  const admits = (request: Request) => {
    const key = gate.admitAtOnce(request, readQuery(request.url));
    if (key !== undefined) count(key);
    return key !== undefined;
  };
  const send = (exchange: Exchange, document: ReadyDocument) => {
    noteNamed?.(document);
    const { again } = document;
    if (again !== undefined) rememberAgain(exchange.request, { again, viewer: undefined, admits });
    return sendDocument(exchange, document);
  };
  const inTime = async (exchange: FacadeExchange) => {
    try {
      const call = callOf(exchange);
      count(await gate.admit(exchange.request, call.query));
      return await send(exchange, await route.answer(call));
    } catch (error) {
      // The framework does not catch what a handler leaves to run.
      return failed(exchange, error);
    }
  };
  return (exchange: FacadeExchange) => {
    try {
      const call = callOf(exchange);
      const key = gate.admitAtOnce(exchange.request, call.query);
      if (key === undefined) {
        const later = inTime(exchange);
        return later;
      }
      count(key);
      const found = route.answer(call);
      const answer =
        found instanceof Promise
          ? found.then(
              (document) => send(exchange, document),
              (error) => failed(exchange, error),
            )
          : send(exchange, found);
      return answer;
    } catch (error) {
      const answer = failed(exchange, error);
      return answer;
    }
  };
}
