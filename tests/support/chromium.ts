import { type Browser, chromium } from 'playwright-core';
import { neededProgram } from './needed-program.ts';

const program = neededProgram({
  names: ['chromium', 'chromium-browser'],
  requiredBy: 'REQUIRE_BROWSER',
  loss: 'THE TESTS THAT NEED A BROWSER ARE SKIPPED',
});

/** Whether tests that need a browser can run. */
export const hasBrowser = program !== null;

/** Debian's Chromium, without a window. Close it. */
export function openBrowser(): Promise<Browser> {
  if (program === null) throw new Error('no chromium');
  // As root it has no sandbox of its own; what it opens is ours alone.
  return chromium.launch({ executablePath: program, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}
