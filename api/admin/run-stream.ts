import { NexusError } from '#shared/errors.ts';
import type { EventStream } from '../http/contract/answer.ts';
import type { SyncRun } from './model.ts';
import type { RunEvents } from './run-events.ts';
import type { WatchedCallers } from './watch-callers.ts';

export interface RunStreams {
  /**
   * Server-sent events (`event: run`, `data`: a run as JSON) until the caller leaves, may no longer see them, or the
   * process ends.
   * @throws {NexusError} `unavailable` when too many are open, `too_many_requests` when too many are the caller's own
   */
  open(options: StreamOptions): Promise<EventStream<SyncRun>>;
}

export interface StreamOptions {
  request: Request;
  userId: string;
  /** Whether the caller may still see them: asked when they change, and now and then. */
  isAllowed: () => Promise<boolean>;
  /** Only of this job. */
  job?: string | undefined;
}

const maxStreams = 100;
/** One administrator with many windows leaves places for the others. */
const maxOfOne = 10;
/** Less than a silent connection is kept open for. */
const beatMs = 5000;
const beatsPerCheck = 3;
/** A client that reads so slowly that this much waits for it is disconnected. It reconnects by itself. */
const maxWaitingBytes = 256 * 1024;
const headers = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'private, no-store',
  // Proxies that hold answers back would hold these for ever.
  'x-accel-buffering': 'no',
};

interface RunStreamsDeps {
  events: RunEvents;
  callers: WatchedCallers;
  stopping: AbortSignal;
}

export function createRunStreams({ events, callers, stopping }: RunStreamsDeps): RunStreams {
  let open = 0;
  const openBy = new Map<string, number>();
  const take = (userId: string, change: 1 | -1) => {
    open += change;
    const own = (openBy.get(userId) ?? 0) + change;
    if (own > 0) openBy.set(userId, own);
    else openBy.delete(userId);
  };
  const begin = ({ request, userId, isAllowed }: StreamOptions) => {
    const over = new AbortController();
    const end = () => over.abort();
    take(userId, 1);
    whenAborted(over.signal, () => take(userId, -1));
    const { readable, send } = textStream(over.signal, end);
    send('retry: 2000\n\n');
    const beat = keepBeating({ send, isAllowed, end });
    whenAborted(over.signal, () => clearInterval(beat));
    const doubted = sendUnlessDoubted({ send, isAllowed, end }, callers);
    whenAborted(over.signal, callers.watch(userId, doubted.doubt));
    for (const leaving of [request.signal, stopping]) {
      whenAborted(leaving, end);
      whenAborted(over.signal, () => leaving.removeEventListener('abort', end));
    }
    return { over: over.signal, end, readable, send: doubted.send };
  };
  return {
    async open(options) {
      // Nobody reads its body: it takes no place.
      if (options.request.method === 'HEAD') return new Response(null, { headers }) as never;
      if (open >= maxStreams)
        throw new NexusError(
          'unavailable',
          'Too many clients are following the runs. Please try again later.',
        );
      if ((openBy.get(options.userId) ?? 0) >= maxOfOne)
        throw new NexusError(
          'too_many_requests',
          `You are following the runs ${maxOfOne} times already. Please close a window.`,
        );
      const { over, end, readable, send } = begin(options);
      const { job } = options;
      try {
        const leave = await events.follow((run) => {
          if (job === undefined || run.job === job)
            send(`event: run\nid: ${run.id}\ndata: ${JSON.stringify(run)}\n\n`);
        });
        whenAborted(over, leave);
      } catch (error) {
        end();
        throw error;
      }
      return new Response(readable, { headers }) as never;
    },
  };
}

/** Calls `act` when the signal fires, or at once if it has fired already. */
function whenAborted(signal: AbortSignal, act: () => void): void {
  if (signal.aborted) act();
  else signal.addEventListener('abort', act, { once: true });
}

/** The body of the stream. A client that does not read it is disconnected. */
function textStream(over: AbortSignal, end: () => void) {
  const encoder = new TextEncoder();
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  const readable = new ReadableStream<Uint8Array>(
    {
      start: (given) => {
        controller = given;
      },
      cancel: end,
    },
    new ByteLengthQueuingStrategy({ highWaterMark: maxWaitingBytes }),
  );
  whenAborted(over, () => closed(controller));
  const send = (text: string) => {
    if (over.aborted || controller === undefined) return;
    if ((controller.desiredSize ?? 0) <= 0) return end();
    controller.enqueue(encoder.encode(text));
  };
  return { readable, send };
}

function closed(controller: ReadableStreamDefaultController<Uint8Array> | undefined): void {
  try {
    controller?.close();
  } catch {
    // The reader has left already.
  }
}

interface Beating {
  send: (text: string) => void;
  isAllowed: () => Promise<boolean>;
  end: () => void;
}

/** While it is in doubt whether the caller may see them, what comes waits: also while changes of callers may not be heard. */
function sendUnlessDoubted({ send, isAllowed, end }: Beating, callers: Pick<WatchedCallers, 'hearsAll'>) {
  let doubts = 0;
  let waiting: string[] = [];
  const doubt = async () => {
    doubts += 1;
    // What is remembered of the caller is forgotten by the same notice, perhaps after this was told.
    await Promise.resolve();
    // If nobody can say it, the stream ends, too: whoever may see them follows again.
    const allowed = await isAllowed().catch(() => false);
    doubts -= 1;
    if (!allowed) return end();
    if (doubts > 0) return;
    for (const text of waiting) send(text);
    waiting = [];
  };
  return {
    doubt: () => void doubt(),
    send: (text: string) => {
      const isDoubted = doubts > 0;
      if (!isDoubted && callers.hearsAll) return send(text);
      waiting.push(text);
      if (!isDoubted) void doubt();
    },
  };
}

function keepBeating({ send, isAllowed, end }: Beating) {
  let beats = 0;
  return setInterval(() => {
    send(': here\n\n');
    if (++beats % beatsPerCheck !== 0) return;
    isAllowed().then(
      (allowed) => {
        if (!allowed) end();
      },
      // Who may see them cannot be said at the moment: asked again in a while.
      () => {},
    );
  }, beatMs);
}
