import type { BullBoardQueues } from '@bull-board/api/dist/types.js';
import { Elysia } from 'elysia';
import { NexusError } from '#shared/errors.ts';
import type { Queues } from '#shared/queues/queue.ts';
import type { NoteConsoleActivity } from '../auth/console-activity.ts';
import { setPageHeaders } from '../http/answers/page-headers.ts';
import type { Admission } from '../http/callers/admission.ts';
import type { ClientAddress } from '../http/callers/client-address.ts';
import type { AnswerError } from '../http/failures/error-answerer.ts';
import { loggedPath } from '../http/input/logged-path.ts';
import { consoleOnly } from '../http/plugins/guards.ts';
import { parsedQuery } from '../http/plugins/query.ts';
import type { SecurityLog } from '../security-log/security-log.ts';
import { type Asked, boardAnswer } from './board-answer.ts';
import { boardAssets, boardPath, readBoardPage } from './board-package.ts';
import { boardQueues, describeBoard } from './board-routes.ts';

/** Nothing from elsewhere; its styles are partly put in by its scripts. */
const contentSecurityPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const hidden = { detail: { hide: true } };

interface BoardRoutesDeps {
  queues: Pick<Queues, 'queue' | 'ping'>;
  admission: Admission;
  noteActivity: NoteConsoleActivity;
  answerError: AnswerError;
  security: Pick<SecurityLog, 'record'>;
  addressOf: ClientAddress;
}

/** The Bull dashboard behind the console's sign-in: its page, its files, and what its page asks for. */
export function boardRoutes(deps: BoardRoutesDeps) {
  const { queues, admission, noteActivity, answerError, security, addressOf } = deps;
  const { uiConfig, entry, api } = describeBoard();
  let shown: BullBoardQueues | undefined;
  const queuesOf = () => {
    shown ??= boardQueues(queues);
    return shown;
  };
  /** What an administrator does to jobs and queues; what they look at is no act. */
  const noteAct = ({ viewer, request }: Asked) => {
    if (request.method === 'GET' || request.method === 'HEAD') return;
    const path = loggedPath(request.url).slice(`${boardPath}/api/`.length);
    const detail = `${request.method} ${path}`;
    security.record({
      event: 'queue_action',
      outcome: 'done',
      userId: viewer.userId,
      address: addressOf(request),
      detail,
    });
  };
  const assets = boardAssets();
  const app = new Elysia({ name: 'queue-board' })
    .use(consoleOnly(admission))
    .use(parsedQuery())
    .onBeforeHandle(({ request, viewer }) => noteActivity(request, viewer.sessionId));
  app.get(
    `${boardPath}/static/*`,
    ({ params, set }) => {
      const path = assets.get(params['*']);
      if (path === undefined) throw new NexusError('route_not_found', 'There is nothing at this address.');
      // Of a name with a hash in it, or of a package that changes with a release of ours.
      set.headers['cache-control'] = 'private, max-age=3600';
      return Bun.file(path, { type: typeOf(path) });
    },
    hidden,
  );
  for (const route of [entry.route].flat())
    app.get(
      withBase(route),
      ({ set }) => {
        setPageHeaders(set.headers);
        set.headers['content-security-policy'] = contentSecurityPolicy;
        const { params } = entry.handler({ basePath: boardPath, uiConfig });
        return readBoardPage(params);
      },
      hidden,
    );
  for (const { method, route, handler } of api)
    for (const verb of [method].flat())
      for (const path of [route].flat())
        app.route(
          verb.toUpperCase(),
          withBase(path),
          boardAnswer({ route: path, handler, uiConfig, queues, queuesOf, answerError, onDone: noteAct }),
          hidden,
        );
  return app;
}

/** All text is UTF-8: of drawings Bun does not say so. */
function typeOf(path: string): string {
  const { type } = Bun.file(path);
  return type.endsWith('+xml') ? `${type};charset=utf-8` : type;
}

const withBase = (route: string) => (route === '/' ? boardPath : `${boardPath}${route}`);
