import type { Pool } from 'pg';
import { prepared, sql } from '#shared/db/sql.ts';
import { NexusError } from '#shared/errors.ts';
import type { Log } from '#shared/log.ts';
import { consume, tooManyAttempts } from '../http/throttles/consume.ts';
import type { Limit } from '../http/throttles/limit.ts';
import type { LimitOptions } from '../http/throttles/open-limits.ts';
import { openPlaceLimit } from '../http/throttles/place-limit.ts';
import { laneKey } from '../http/throttles/throttle-key.ts';
import type { Mailer } from '../mail/create-mailer.ts';
import type { SecurityLog } from '../security-log/security-log.ts';
import { createFairLane } from '../store/fair-lane.ts';
import { queryStore } from '../store/query-store.ts';
import type { PasswordResets } from './password-resets.ts';
import { hashOf } from './session-store.ts';

export const forgottenLimits = {
  address: { name: 'forgotten-address', points: 20, durationSeconds: 3600 },
  /** Mails to one address, whoever wants them to be sent. */
  email: { name: 'forgotten-email', points: 3, durationSeconds: 3600 },
} as const satisfies Record<string, LimitOptions>;

/** Mails that wait for the mail server, and how many are sent at a time. Of those who ask for most some are dropped then. */
const places = { maxWaiting: 200, lanes: 2 };

export interface ForgottenPasswords {
  /**
   * Sends a link to whoever has this email. Returns before that is even looked up, so that the answer and its time say
   * nothing of who has an account.
   * @throws {NexusError} `too_many_requests`
   */
  request(email: string, address: string): Promise<void>;
}

interface ForgottenPasswordsDeps {
  pool: Pool;
  resets: PasswordResets;
  /** `undefined`: only administrators make links. */
  mailer: Mailer | undefined;
  limitOf: (options: LimitOptions) => Limit | undefined;
  security: Pick<SecurityLog, 'record'>;
  log: Log;
  stopping: AbortSignal;
}

const accountStatement = prepared<{ email: string }, { id: string }>(
  'api-account-of-email',
  ({ email }) => sql`select id from users where email = ${email} and locked_at is null`,
);

export function createForgottenPasswords(deps: ForgottenPasswordsDeps): ForgottenPasswords {
  const { pool, resets, mailer, limitOf, security, log, stopping } = deps;
  const countPlace = openPlaceLimit(limitOf, forgottenLimits.address, tooManyAttempts.message);
  const perEmail = limitOf(forgottenLimits.email);
  const lane = createFairLane({ ...places, refusal: tooManyMails });

  const send = async (to: Mailer, email: string, address: string): Promise<void> => {
    if (stopping.aborted) return;
    // No email address in the store of the limits.
    await consume(perEmail, hashOf(email).toString('base64url'), tooManyAttempts);
    const [account] = await queryStore(pool, accountStatement({ email }));
    security.record({
      event: 'reset_request',
      outcome: account ? 'done' : 'refused',
      userId: account?.id,
      address,
    });
    const link = account && (await resets.make(account.id, email));
    if (link !== undefined) await to.send({ to: email, ...resetMail(link.url) });
  };

  return {
    async request(email, address) {
      await countPlace(address);
      if (mailer === undefined) return;
      lane
        .run(laneKey(address), () => send(mailer, email, address))
        .catch((error: unknown) => log.warn({ err: error }, 'a link for a new password could not be sent'));
    },
  };
}

const tooManyMails = () => new NexusError('unavailable', 'Too many mails wait for the mail server.');

/** Nothing in it is of anybody's choosing: who has registered with an email need not be its owner. */
const resetMail = (url: string) => ({
  subject: 'Your new password',
  text: `Hello,

somebody asked for a new password for your account. To choose one, open this link within an hour:

${url}

If it was not you, there is nothing to do: your password stays as it is.
`,
});
