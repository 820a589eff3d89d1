import { afterEach, beforeEach } from 'bun:test';

/** In each test of a file `performance.now()` stands still until it is told how much passes. */
export function holdClock(): { pass(ms: number): void } {
  const realNow = performance.now;
  let nowMs: number;
  beforeEach(() => {
    nowMs = 1e6;
    performance.now = () => nowMs;
  });
  afterEach(() => {
    performance.now = realNow;
  });
  return {
    pass(ms) {
      nowMs += ms;
    },
  };
}
