/** Tells whether the work at hand moves. */
export interface MovementWatch extends Disposable {
  /** It moved just now. */
  note: () => void;
  /** Fires when it stood still for too long. */
  signal: AbortSignal;
  /** Rejects some time after that: what does not heed the signal is not waited for. */
  stoodStill: Promise<never>;
}

/** How long work that was told to stop may take to do so. */
const heedMs = 5000;

/** @param stillMs longer than any single wait of a job that is well */
export function watchMovement(stillMs: number): MovementWatch {
  const stop = new AbortController();
  const { promise, reject } = Promise.withResolvers<never>();
  promise.catch(() => {});
  let movedMs = performance.now();
  let timer: ReturnType<typeof setTimeout>;
  const look = () => {
    const leftMs = movedMs + stillMs - performance.now();
    if (leftMs > 0) return wait(leftMs);
    const error = new Error(`the job stood still for ${Math.round(stillMs / 1000)} s`);
    stop.abort(error);
    timer = setTimeout(() => reject(error), Math.min(heedMs, stillMs));
  };
  const wait = (ms: number) => {
    timer = setTimeout(look, ms);
  };
  wait(stillMs);
  return {
    note: () => {
      movedMs = performance.now();
    },
    signal: stop.signal,
    stoodStill: promise,
    [Symbol.dispose]: () => clearTimeout(timer),
  };
}
