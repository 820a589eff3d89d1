import { hkdfSync, randomBytes } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import type { Pool } from 'pg';
import { prepared, sql } from '#shared/db/sql.ts';
import { NexusError } from '#shared/errors.ts';
import { lockUserStatement } from '#shared/users/lock-user-statement.ts';
import { consume, tooManyAttempts } from '../http/throttles/consume.ts';
import { type CountedKey, consumeAll } from '../http/throttles/consume-all.ts';
import type { Limit } from '../http/throttles/limit.ts';
import type { LimitOptions } from '../http/throttles/open-limits.ts';
import { userKey } from '../http/throttles/throttle-key.ts';
import { inTransaction } from '../store/in-transaction.ts';
import type { Settle } from '../store/peers.ts';
import { queryStore } from '../store/query-store.ts';
import { selectOne } from '../store/select-one.ts';
import type { TokenClaims } from './access-tokens.ts';
import { holdOwnerStatement } from './hold-owner-statement.ts';
import type { SecretBox } from './secret-box.ts';
import { hashOf } from './session-store.ts';
import { openTotpSecret } from './totp-secrets.ts';

const hour = { durationSeconds: 3600 } as const;
/**
 * Wrong codes. Whoever knows the password guesses six digits no faster than this, from however many addresses, and takes
 * nothing from the owner: networks that they have signed in from are counted apart, and recovery codes not at all.
 */
const codeLimits = {
  /** Of an account, from wherever its owner has not been. */
  strangers: { name: 'totp-codes', points: 20, ...hour },
  /** Of an account, from one network that its owner has signed in from. */
  network: { name: 'totp-network-codes', points: 10, ...hour },
  /** From all of these together. */
  networks: { name: 'totp-known-codes', points: 40, ...hour },
  /** Given beside a token, by one session. */
  session: { name: 'totp-session-codes', points: 20, ...hour },
  /** That should confirm what one session or one form was shown. Nothing is guessed there. */
  setup: { name: 'totp-setups', points: 20, ...hour },
} as const satisfies Record<string, LimitOptions>;

type CodeLimits = { [Name in keyof typeof codeLimits]: Limit | undefined };

/** @param limitOf opens a limit; `undefined` where limits are switched off */
export const openCodeLimits = (limitOf: (options: LimitOptions) => Limit | undefined): CodeLimits => ({
  strangers: limitOf(codeLimits.strangers),
  network: limitOf(codeLimits.network),
  networks: limitOf(codeLimits.networks),
  session: limitOf(codeLimits.session),
  setup: limitOf(codeLimits.setup),
});

/** Who gives a code: a session, or somebody who signs in, with the network they are in if the owner has signed in from it. */
export type GivenBy = { sessionId: string } | { knownNetwork: string | undefined };

const periodMs = 30_000;
const recoveryCodes = 10;
/** A secret that was shown longer ago may have been seen by others. */
const pendingMs = 15 * 60_000;
const secretBytes = 20;

export interface TotpSetup {
  secret: string;
  /** For the app: as a link, or as a QR code. */
  url: string;
}

export type TakenCode = 'totp' | 'recovery code';

/** The codes of an authenticator app. */
export interface SecondFactors {
  isOn(userId: string): Promise<boolean>;
  leftRecoveryCodes(userId: string): Promise<number>;
  /**
   * Nothing changes until a code confirms it.
   * @throws {NexusError} `forbidden` where there is one already
   */
  begin(userId: string, email: string, shownTo: string): Promise<TotpSetup>;
  /**
   * From then on codes are asked for. All other sessions end.
   * @param shownTo as at `begin`
   * @returns the recovery codes; `undefined` for a wrong code, or where nothing was begun
   */
  confirm(of: TokenClaims, code: string, shownTo: string): Promise<string[] | undefined>;
  /** A code of the app, or a recovery code. None works twice. `undefined`: it is wrong. @throws {NexusError} `too_many_requests` */
  take(userId: string, code: string, by: GivenBy): Promise<TakenCode | undefined>;
  /** @returns whether there was one */
  remove(userId: string): Promise<boolean>;
}

interface Row {
  user_id: string;
  /** Sealed. */
  secret: string;
  is_on: boolean;
}

const readStatement = prepared<{ userId: string }, Row & { recovery_codes: number }>(
  'api-totp',
  ({ userId }) => sql`
    select user_id, secret, confirmed_at is not null as is_on,
      (select count(*)::int from totp_recovery_codes where user_id = ${userId}) as recovery_codes
    from user_totp where user_id = ${userId}`,
);

const beginStatement = prepared<{ userId: string; secret: string; now: Date; before: Date }, Row>(
  'api-begin-totp',
  ({ userId, secret, now, before }) => sql`
    insert into user_totp as t (user_id, secret, created_at) values (${userId}, ${secret}, ${now}::timestamptz)
    on conflict (user_id) do update set
      secret = case when t.confirmed_at is null and t.created_at < ${before}::timestamptz then excluded.secret else t.secret end,
      created_at = case when t.confirmed_at is null and t.created_at < ${before}::timestamptz
        then excluded.created_at else t.created_at end
    returning user_id, secret, confirmed_at is not null as is_on`,
);

/** A step that was used is used up, also for the one who comes at the same moment. */
const stepStatement = prepared<{ userId: string; step: number }>(
  'api-take-totp-step',
  ({ userId, step }) =>
    sql`update user_totp set last_step = ${step} where user_id = ${userId} and last_step < ${step} returning 1`,
);

/** The one that the code was right for, in time. */
const confirmStatement = prepared<{
  userId: string;
  shown: string;
  confirmed: string;
  now: Date;
  before: Date;
}>(
  'api-confirm-totp',
  ({ userId, shown, confirmed, now, before }) => sql`
    update user_totp set confirmed_at = ${now}, secret = ${confirmed}
    where user_id = ${userId} and confirmed_at is null and secret = ${shown} and created_at >= ${before} returning 1`,
);

const sessionsStatement = prepared<{ userId: string; sessionId: string }>(
  'api-totp-of-sessions',
  ({ userId, sessionId }) => sql`
    with others as (delete from sessions where user_id = ${userId} and id <> ${sessionId})
    update sessions set totp = true where id = ${sessionId} and user_id = ${userId}`,
);

const codesStatement = prepared<{ userId: string; hashes: Buffer[] }>(
  'api-recovery-codes',
  ({ userId, hashes }) =>
    sql`insert into totp_recovery_codes (code_hash, user_id) select unnest(${hashes}::bytea[]), ${userId}`,
);

const takeRecoveryStatement = prepared<{ userId: string; hash: Buffer }>(
  'api-take-recovery-code',
  ({ userId, hash }) =>
    sql`delete from totp_recovery_codes where code_hash = ${hash} and user_id = ${userId} returning 1`,
);

const removeStatement = prepared<{ userId: string }>(
  'api-remove-totp',
  ({ userId }) => sql`
    with codes as (delete from totp_recovery_codes where user_id = ${userId}),
      proven as (update sessions set totp = false where user_id = ${userId} and totp)
    delete from user_totp where user_id = ${userId} returning 1`,
);

interface SecondFactorsDeps {
  pool: Pool;
  settle: Settle;
  box: SecretBox;
  /** `undefined`: none */
  limits: CodeLimits;
  now: () => number;
}

export function createSecondFactors({ pool, settle, box, limits, now }: SecondFactorsDeps): SecondFactors {
  const read = async (userId: string) => (await queryStore(pool, readStatement({ userId })))[0];

  /** @returns the time step that the code is of */
  const stepOf = (secret: string | undefined, code: string): number | undefined => {
    if (secret === undefined) return undefined;
    const totp = new TOTP({ secret: Secret.fromBase32(secret) });
    // Of one look at the clock: a step could end in between, and the code of the next one would count as used.
    const timestamp = now();
    const delta = totp.validate({ token: code, timestamp, window: 1 });
    return delta === null ? undefined : Math.floor(timestamp / periodMs) + delta;
  };

  /** What a code counts against until it proves to be right, the widest first. */
  const countedFor = (userId: string, code: string, by: GivenBy): CountedKey[] => {
    if ('sessionId' in by) return [{ limit: limits.session, key: `session:${by.sessionId}` }];
    // Nobody guesses 128 bits. That many are tried is bounded by failed logins.
    if (recoveryShape.test(bareRecovery(code))) return [];
    const key = userKey(userId);
    if (by.knownNetwork === undefined) return [{ limit: limits.strangers, key }];
    return [
      { limit: limits.networks, key },
      { limit: limits.network, key: networkKey(userId, by.knownNetwork) },
    ];
  };

  return {
    isOn: async (userId) => (await read(userId))?.is_on ?? false,
    async leftRecoveryCodes(userId) {
      const row = await read(userId);
      return row?.is_on ? row.recovery_codes : 0;
    },
    async begin(userId, email, shownTo) {
      const sealed = box.seal(new Secret({ size: secretBytes }).base32, userId);
      const begin = (before: number) => {
        const times = { now: new Date(now()), before: new Date(before) };
        return selectOne(pool, beginStatement({ userId, secret: sealed, ...times }));
      };
      let row = await begin(now() - pendingMs);
      // What cannot be read any more is no use to anybody.
      if (!row.is_on && openTotpSecret(box, row) === undefined) row = await begin(now() + 1);
      if (row.is_on) throw new NexusError('forbidden', 'A second factor is set up already. Remove it first.');
      const secret = secretFor(shownTo, openTotpSecret(box, row) ?? '');
      const totp = new TOTP({ issuer: 'Project Nexus', label: email, secret: Secret.fromBase32(secret) });
      return { secret, url: totp.toString() };
    },
    async confirm({ userId, sessionId }, code, shownTo) {
      const row = await read(userId);
      const begun = row === undefined || row.is_on ? undefined : openTotpSecret(box, row);
      if (row === undefined || begun === undefined) return undefined;
      await consume(limits.setup, setupKey(userId, shownTo), tooManyAttempts);
      const secret = secretFor(shownTo, begun);
      const step = stepOf(secret, code);
      if (step === undefined) return undefined;
      const times = { now: new Date(now()), before: new Date(now() - pendingMs) };
      const change = { userId, shown: row.secret, confirmed: box.seal(secret, userId), ...times };
      const made = Array.from({ length: recoveryCodes }, newRecoveryCode);
      const isConfirmed = await inTransaction(pool, async (query) => {
        if ((await query(holdOwnerStatement({ userId, sessionId }))).length === 0) return false;
        if ((await query(confirmStatement(change))).length === 0) return false;
        await query(stepStatement({ userId, step }));
        await query(codesStatement({ userId, hashes: made.map((each) => recoveryHash(userId, each)) }));
        await query(sessionsStatement({ userId, sessionId }));
        return true;
      });
      await settle();
      return isConfirmed ? made : undefined;
    },
    async take(userId, code, by) {
      const counted = countedFor(userId, code, by);
      await consumeAll(counted, tooManyAttempts);
      const row = await read(userId);
      if (!row?.is_on) return undefined;
      const step = stepOf(openTotpSecret(box, row), code.replaceAll(' ', ''));
      const taken =
        step === undefined
          ? takeRecoveryStatement({ userId, hash: recoveryHash(userId, code) })
          : stepStatement({ userId, step });
      if ((await queryStore(pool, taken)).length === 0) return undefined;
      for (const { limit, key } of counted) await limit?.reward(key);
      return step === undefined ? 'recovery code' : 'totp';
    },
    async remove(userId) {
      const removed = await inTransaction(pool, async (query) => {
        await query(lockUserStatement({ userId }));
        return query(removeStatement({ userId }));
      });
      await settle();
      return removed.length > 0;
    },
  };
}

/**
 * Everybody is shown another secret: who has the password, too, does not know the one that the owner confirms.
 * @param shownTo one session or one form
 */
const secretFor = (shownTo: string, begun: string) =>
  new Secret({
    buffer: hkdfSync('sha256', Buffer.from(begun), '', `nexus second factor ${shownTo}`, secretBytes),
  }).base32;

/** 128 bits, so that a plain hash keeps it, in groups that people can copy. */
const newRecoveryCode = () =>
  randomBytes(16)
    .toString('hex')
    .replaceAll(/(.{4})(?=.)/g, '$1-');

const recoveryShape = /^[0-9a-f]{32}$/;
const bareRecovery = (code: string) => code.toLowerCase().replaceAll(/[^0-9a-f]/g, '');
const recoveryHash = (userId: string, code: string) => hashOf(`${userId} ${bareRecovery(code)}`);

/** No form in the store of the limits, which anybody may have made up. */
const setupKey = (userId: string, shownTo: string) => hashOf(`${userId} ${shownTo}`).toString('base64url');
/** Nor a user, with whom it would have to be deleted. */
const networkKey = (userId: string, network: string) => hashOf(`${userId} ${network}`).toString('base64url');
