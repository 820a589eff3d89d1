import type { AppControllerRoute, BullBoardQueues } from '@bull-board/api/dist/types.js';
import type { Context } from 'elysia';
import { NexusError } from '#shared/errors.ts';
import { isPlainText } from '#shared/users/credentials.ts';
import { statusOf } from '../plugins/status-of.ts';
import type { Board } from './board-routes.ts';

export type Asked = Pick<Context, 'query' | 'body' | 'headers' | 'set'> & {
  params?: Record<string, string>;
};

interface BoardAnswerOptions {
  route: string;
  handler: AppControllerRoute['handler'];
  uiConfig: Board['uiConfig'];
  queuesOf: () => BullBoardQueues;
}

/** One of the board's own handlers, as a handler of ours. */
export const boardAnswer =
  ({ route, handler, uiConfig, queuesOf }: BoardAnswerOptions) =>
  async ({ query, params = {}, body, headers, set }: Asked) => {
    const queues = queuesOf();
    if (!Object.values(params).every(isPlainText)) throw new NexusError('not_found', nothingThere);
    if (route.endsWith('/:jobId/promote')) await mustBeDelayed(queues, params);
    const given = (body ?? {}) as Record<string, unknown>;
    const asked = { queues, uiConfig, query, params, body: given, headers };
    const { status = 200, body: answer } = await handler(asked);
    set.headers['cache-control'] = 'private, no-store';
    set.status = status;
    if (status === 204) return undefined;
    return status < 400 ? answer : refusal({ status, answer, set });
  };

const nothingThere = 'There is no such queue or job, or no longer.';

/** The board leaves that to the queue, whose refusal would look like a fault of ours. */
async function mustBeDelayed(
  queues: BullBoardQueues,
  { queueName = '', jobId = '' }: Record<string, string>,
) {
  const job = await queues.get(queueName)?.getJob(jobId);
  if ((await job?.getState()) !== 'delayed')
    throw new NexusError('not_found', 'The job waits for no time, or no longer.');
}

/** Our envelope, with what the board's page shows of it beside. */
function refusal({ status, answer, set }: { status: number; answer: unknown; set: Asked['set'] }) {
  const code = status === 404 ? 'not_found' : 'invalid_input';
  set.status = statusOf[code];
  return {
    status: 'error',
    message: status === 404 ? nothingThere : 'That cannot be done with this queue or job.',
    code,
    request_id: set.headers['x-request-id'],
    ...(answer as { error?: unknown }),
  };
}
