import type { AppControllerRoute, BullBoardQueues } from '@bull-board/api/dist/types.js';

/** A request as the board's own handlers take it. */
export type BoardRequest = Parameters<AppControllerRoute['handler']>[0] & {
  queues: BullBoardQueues;
  params: Readonly<Record<string, string>>;
};
