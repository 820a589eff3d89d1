import { Secret, TOTP } from 'otpauth';
import type { TestApi } from './api-fixture.ts';

/** Codes as an app shows them to somebody, by the clock of a service that a test moves. */
export function totpClock(apiOf: () => Pick<TestApi, 'advance'>) {
  /** The service's clock, as `nextStep` moves it. */
  let aheadMs = 0;
  return {
    /** No code works twice: the next one is of another half minute. */
    nextStep() {
      apiOf().advance(30_000);
      aheadMs += 30_000;
    },
    codeOf: (secret: string): string =>
      new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() + aheadMs }),
  };
}
