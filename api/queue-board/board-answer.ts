import type { AppControllerRoute, BullBoardQueues } from '@bull-board/api/dist/types.js';
import type { Context } from 'elysia';
import type { Queues } from '#shared/queues/queue.ts';
import type { Viewer } from '../http/callers/viewer.ts';
import type { AnswerError } from '../http/failures/error-answerer.ts';
import { checkInput, checkJob } from './board-guards.ts';
import { answerRefusal, refusalOf } from './board-refusal.ts';
import type { Board } from './board-routes.ts';
import { withStore } from './store-answers.ts';

export type Asked = Pick<Context, 'query' | 'body' | 'headers' | 'request' | 'set'> & {
  params?: Record<string, string>;
  viewer: Viewer;
};

interface BoardAnswerOptions {
  route: string;
  handler: AppControllerRoute['handler'];
  uiConfig: Board['uiConfig'];
  queues: Pick<Queues, 'ping'>;
  queuesOf: () => BullBoardQueues;
  answerError: AnswerError;
  /** Told of what was done. */
  onDone: (asked: Asked) => void;
}

/** One of the board's own handlers, as a handler of ours. */
export function boardAnswer({ route, handler, answerError, onDone, ...board }: BoardAnswerOptions) {
  const answer = async (sent: Asked) => {
    const { query, params = {}, body, headers, set } = sent;
    const given = (body ?? {}) as Record<string, unknown>;
    const { queues, queuesOf, uiConfig } = board;
    const asked = { queues: queuesOf(), uiConfig, query, params, body: given, headers };
    checkInput(route, asked);
    const { status = 200, body: answered } = await withStore(queues, async () => {
      await checkJob(route, asked);
      return handler(asked);
    });
    if (status >= 400) throw refusalOf(status, answered);
    onDone(sent);
    set.headers['cache-control'] = 'private, no-store';
    set.status = status;
    return status === 204 ? undefined : answered;
  };
  return async (asked: Asked) => {
    try {
      return await answer(asked);
    } catch (error) {
      return answerRefusal({ error, request: asked.request, set: asked.set }, answerError);
    }
  };
}
