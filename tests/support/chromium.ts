import { type Browser, chromium } from 'playwright-core';

const program = Bun.which('chromium') ?? Bun.which('chromium-browser');

/**
 * Whether tests that need a browser can run. Where there is none they are skipped with one loud line; with
 * `REQUIRE_BROWSER=1` (the gate) that is a failure.
 */
export const hasBrowser = program !== null;

if (!hasBrowser) {
  const line = 'NO chromium ON THIS MACHINE: THE TESTS THAT NEED A BROWSER ARE SKIPPED';
  if (process.env.REQUIRE_BROWSER === '1') throw new Error(`${line}, and REQUIRE_BROWSER=1 forbids that`);
  process.stderr.write(`\n*** ${line} ***\n\n`);
}

/** Debian's Chromium, without a window. Close it. */
export function openBrowser(): Promise<Browser> {
  if (program === null) throw new Error('no chromium');
  // As root it has no sandbox of its own; what it opens is ours alone.
  return chromium.launch({ executablePath: program, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}
