import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import type {
  AppControllerRoute,
  AppViewRoute,
  BullBoardQueues,
  IServerAdapter,
  UIConfig,
} from '@bull-board/api/dist/types.js';
import { queueNames } from '#shared/jobs/catalog.ts';
import type { Queues } from '#shared/queues/queue.ts';
import { boardPackage, boardPath } from './board-package.ts';

/** What the board's own package asks a server for. */
export interface Board {
  uiConfig: UIConfig;
  entry: AppViewRoute;
  api: AppControllerRoute[];
}

/**
 * What an administrator may not do there: make or change jobs past the catalogue's schemas, change the schedules or a
 * queue's settings, which the worker agrees on at its start, or wipe a queue with what runs in it.
 */
const refused =
  /\/(add|obliterate|empty|update-data|concurrency|rate-limit|rate-limit\/release|default-job-options|job-data-schema)$|\/job-schedulers\/:schedulerId/;
const reads = ['get'];

/** The queues as the dashboard's package sees them. */
export const boardQueues = (queues: Pick<Queues, 'queue'>): BullBoardQueues =>
  new Map(queueNames.map((name) => [name, new BullMQAdapter(queues.queue(name), { allowRetries: true })]));

/** The dashboard as data: whoever serves it turns it into routes. */
export function describeBoard(): Board {
  const described: Partial<Board> = {};
  const take = (part: Partial<Board>): IServerAdapter => {
    Object.assign(described, part);
    return adapter;
  };
  const adapter: IServerAdapter = {
    setQueues: () => take({}),
    setViewsPath: () => take({}),
    setStaticPath: () => take({}),
    setErrorHandler: () => take({}),
    setEntryRoute: (entry) => take({ entry }),
    setApiRoutes: (api) => take({ api: api.filter(isAllowed) }),
    setUIConfig: (uiConfig) => take({ uiConfig }),
  };
  createBullBoard({
    queues: [],
    serverAdapter: adapter,
    options: {
      uiBasePath: boardPackage,
      uiConfig: {
        boardTitle: 'Project Nexus: queues',
        miscLinks: [
          { text: 'Console', url: '/admin' },
          { text: 'Sign out', url: '/admin/sign-out' },
        ],
        boardLogo: { path: `${boardPath}/static/images/logo.svg` },
        hideDocsLink: true,
      },
    },
  });
  const { uiConfig, entry, api } = described;
  if (!uiConfig || !entry || !api) throw new Error('the dashboard did not describe itself');
  return { uiConfig, entry, api };
}

const isAllowed = ({ route, method }: AppControllerRoute): boolean =>
  [method].flat().every((each) => reads.includes(each)) || ![route].flat().some((each) => refused.test(each));
