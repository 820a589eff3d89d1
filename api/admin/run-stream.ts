import { NexusError } from '#shared/errors.ts';
import type { RunEvents } from './run-events.ts';

export interface RunStreams {
  /**
   * Server-sent events (`event: run`, `data`: a run as JSON) until the caller leaves, may no longer see them, or the
   * process ends.
   * @throws {NexusError} `unavailable` when too many are open
   */
  open(options: StreamOptions): Promise<Response>;
}

export interface StreamOptions {
  request: Request;
  /** Whether the caller may still see them: asked now and then. */
  isAllowed: () => Promise<boolean>;
  /** Only of this job. */
  job?: string | undefined;
}

const maxStreams = 100;
/** Less than a silent connection is kept open for. */
const beatMs = 5000;
const beatsPerCheck = 3;
/** Who reads so slowly that this much waits for them is let go; they come back by themselves. */
const maxWaitingBytes = 256 * 1024;
const headers = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'private, no-store',
  // Proxies that hold answers back would hold these for ever.
  'x-accel-buffering': 'no',
};

export function createRunStreams({
  events,
  stopping,
}: {
  events: RunEvents;
  stopping: AbortSignal;
}): RunStreams {
  let open = 0;
  return {
    async open({ request, isAllowed, job }) {
      if (open >= maxStreams) throw new NexusError('unavailable', 'Too many are following the runs already.');
      open += 1;
      const over = new AbortController();
      const ends = [request.signal, stopping];
      const end = () => {
        if (over.signal.aborted) return;
        open -= 1;
        over.abort();
        for (const signal of ends) signal.removeEventListener('abort', end);
      };
      for (const signal of ends) signal.addEventListener('abort', end, { once: true });
      if (ends.some((signal) => signal.aborted)) end();
      const { readable, send } = textStream(over.signal, end);
      send('retry: 2000\n\n');
      const beat = keepBeating({ send, isAllowed, end });
      over.signal.addEventListener('abort', () => clearInterval(beat), { once: true });
      try {
        const leave = await events.follow((run) => {
          if (job === undefined || run.job === job)
            send(`event: run\nid: ${run.id}\ndata: ${JSON.stringify(run)}\n\n`);
        });
        if (over.signal.aborted) leave();
        else over.signal.addEventListener('abort', leave, { once: true });
      } catch (error) {
        end();
        throw error;
      }
      return new Response(readable, { headers });
    },
  };
}

/** What is sent, as a body; whoever does not read it is let go. */
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
  over.addEventListener('abort', () => closed(controller), { once: true });
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
