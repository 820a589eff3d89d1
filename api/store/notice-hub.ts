import { listenToNotices, type Notice, type NoticeListener } from '#shared/db/notices.ts';
import type { Log } from '#shared/log.ts';
import type { Database } from '#shared/orm/database.ts';
import { createPeers, type Peers } from './peers.ts';

export interface NoticeSubscriber {
  onNotice(notice: Notice): void;
  /** Notices may have been missed: forget what depends on them. */
  onGap(): void;
}

/** The notices of workers and of the database's triggers, to everything in this process that wants them, over one connection. */
export interface NoticeHub {
  /** False while nothing can be heard: caches must not be trusted. */
  readonly connected: boolean;
  subscribe(subscriber: NoticeSubscriber): void;
  /** For what must not be believed a moment too long. `undefined`: there is nobody to settle anything with. */
  readonly peers?: Peers | undefined;
}

export async function openNoticeHub(
  database: Pick<Database, 'clientConfig'>,
  log: Log,
): Promise<NoticeHub & AsyncDisposable> {
  const subscribers: NoticeSubscriber[] = [];
  const peers = createPeers(() => opened);
  let opened: NoticeListener | undefined;
  const listener = await listenToNotices({
    clientConfig: database.clientConfig,
    onNotice: (notice) => {
      for (const subscriber of subscribers) subscriber.onNotice(notice);
    },
    onGap: () => {
      peers.onGap();
      for (const subscriber of subscribers) subscriber.onGap();
    },
    others: { names: peers.channels, onMessage: peers.onMessage },
    log,
  });
  opened = listener;
  return {
    peers,
    get connected() {
      return listener.connected;
    },
    subscribe: (subscriber) => void subscribers.push(subscriber),
    async [Symbol.asyncDispose]() {
      await peers[Symbol.asyncDispose]();
      await listener[Symbol.asyncDispose]();
    },
  };
}
