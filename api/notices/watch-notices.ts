import type { Log } from '#shared/log.ts';
import type { NoticeHub } from '../store/notice-hub.ts';
import type { ServiceNotice } from './model.ts';
import type { ReadServiceNotices } from './service-notices.ts';

interface WatchNoticesDeps {
  read: ReadServiceNotices;
  hub: NoticeHub;
  log: Log;
  /** For a person in front of the process. */
  say?: ((line: string) => void) | undefined;
  everyMs?: number;
}

const lookEveryMs = 10_000;
/** A worker of the same process may just be about to say that it is there. */
const firstLookMs = 300;

/** Tells the log, and a person at the terminal, of each notice once when it comes and once when it is over. */
export function watchNotices({
  read,
  hub,
  log,
  say,
  everyMs = lookEveryMs,
}: WatchNoticesDeps): AsyncDisposable {
  let told = new Map<string, ServiceNotice>();
  let looking: Promise<void> | undefined;
  let isOver = false;

  const look = async () => {
    const found = await read();
    if (isOver) return;
    const now = new Map(found.map((notice) => [notice.code, notice]));
    // Once for each code: the figures in a sentence change all the time.
    for (const notice of found)
      if (!told.has(notice.code)) {
        log.warn(
          { notice: notice.code, since: notice.since, what_to_do: notice.what_to_do },
          notice.sentence,
        );
        say?.(`  !  ${notice.sentence}\n     What to do: ${notice.what_to_do}`);
      }
    for (const [code, { sentence }] of told)
      if (!now.has(code as ServiceNotice['code'])) {
        log.info({ notice: code }, `over: ${sentence}`);
        say?.(`  Over: ${sentence}`);
      }
    told = now;
  };
  const lookAgain = () => {
    if (isOver) return;
    looking ??= look()
      .catch((error: unknown) => log.warn({ err: error }, 'the notices could not be read'))
      .finally(() => {
        looking = undefined;
      });
  };
  hub.subscribe({ onGap: () => {}, onNotice: (notice) => notice.kind === 'upstream' && lookAgain() });
  const first = setTimeout(lookAgain, firstLookMs);
  const timer = setInterval(lookAgain, everyMs);
  return {
    async [Symbol.asyncDispose]() {
      isOver = true;
      clearTimeout(first);
      clearInterval(timer);
      await looking;
    },
  };
}
