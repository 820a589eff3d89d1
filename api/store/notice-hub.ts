import { listenToNotices, type Notice } from '#shared/db/notices.ts';
import type { Log } from '#shared/log.ts';
import type { Database } from '#shared/orm/database.ts';

export interface NoticeSubscriber {
  onNotice(notice: Notice): void;
  /** Notices may have been missed: forget what depends on them. */
  onGap(): void;
}

/** The worker's notices, to everything in this process that wants them over one connection. */
export interface NoticeHub {
  /** False while nothing can be heard: caches must not be trusted. */
  readonly connected: boolean;
  subscribe(subscriber: NoticeSubscriber): void;
}

export async function openNoticeHub(
  database: Pick<Database, 'clientConfig'>,
  log: Log,
): Promise<NoticeHub & AsyncDisposable> {
  const subscribers: NoticeSubscriber[] = [];
  const listener = await listenToNotices({
    clientConfig: database.clientConfig,
    onNotice: (notice) => {
      for (const subscriber of subscribers) subscriber.onNotice(notice);
    },
    onGap: () => {
      for (const subscriber of subscribers) subscriber.onGap();
    },
    log,
  });
  return {
    get connected() {
      return listener.connected;
    },
    subscribe: (subscriber) => void subscribers.push(subscriber),
    [Symbol.asyncDispose]: () => listener[Symbol.asyncDispose](),
  };
}
