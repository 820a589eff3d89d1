export interface EventLoopWatch extends Disposable {
  /** The longest that the event loop was held up in the last ten to twenty seconds; milliseconds. */
  lagMs(): number;
}

const tickMs = 250;
const windowMs = 10_000;

/** Watches how late a timer comes: that is how long everything else waited, too. */
export function watchEventLoop(): EventLoopWatch {
  let expected = performance.now() + tickMs;
  let windowBegan = performance.now();
  let longest = 0;
  let before = 0;
  const timer = setInterval(() => {
    const now = performance.now();
    if (now - windowBegan > windowMs) {
      before = longest;
      longest = 0;
      windowBegan = now;
    }
    longest = Math.max(longest, now - expected);
    expected = now + tickMs;
  }, tickMs);
  timer.unref();
  return {
    lagMs: () => Math.max(0, longest, before),
    [Symbol.dispose]: () => clearInterval(timer),
  };
}
