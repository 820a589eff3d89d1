import { createHash } from 'node:crypto';
import { consume } from '../http/throttles/consume.ts';
import type { Limit } from '../http/throttles/limit.ts';
import type { LimitOptions } from '../http/throttles/open-limits.ts';
import { addressKey } from '../http/throttles/throttle-key.ts';

const quarterHour = 15 * 60;
export const loginLimits = {
  /** Failed logins at one account from one address: whoever is elsewhere still gets in. */
  pair: { name: 'login-pair', points: 10, durationSeconds: quarterHour },
  /** Failed logins from one address, at whatever accounts. */
  address: { name: 'login-address', points: 100, durationSeconds: quarterHour },
  /** Wrong passwords given beside a token, of one session: no login that fails anywhere keeps its owner out. */
  proof: { name: 'password-proofs', points: 10, durationSeconds: quarterHour },
  registrations: { name: 'registrations', points: 20, durationSeconds: 3600 },
} as const satisfies Record<string, LimitOptions>;

export interface LoginThrottles {
  /**
   * Counts a login as failed before its password is looked at, so that many at the same moment are counted too.
   * @throws {NexusError} `too_many_requests`
   */
  beginLogin(email: string, address: string): Promise<void>;
  /** It did not fail after all. */
  forgiveLogin(email: string, address: string, outcome: 'signed in' | 'not looked at'): Promise<void>;
  /** The same of a password that confirms what somebody signed in is doing. @throws {NexusError} `too_many_requests` */
  beginProof(sessionId: string): Promise<void>;
  forgiveProof(sessionId: string): Promise<void>;
  /** @throws {NexusError} `too_many_requests` */
  countRegistration(address: string): Promise<void>;
}

const refusal = { message: 'Too many attempts. Please wait a while.' };

/** @param limitOf `undefined` where limits are switched off */
export function createLoginThrottles(limitOf: (options: LimitOptions) => Limit | undefined): LoginThrottles {
  const pair = limitOf(loginLimits.pair);
  const address = limitOf(loginLimits.address);
  const proof = limitOf(loginLimits.proof);
  const registrations = limitOf(loginLimits.registrations);
  return {
    async beginLogin(email, from) {
      await consume(pair, pairKey(email, from), refusal);
      await consume(address, addressKey(from), refusal);
    },
    async forgiveLogin(email, from, outcome) {
      // A success proves that the owner is there; at the address others may still be guessing.
      await (outcome === 'signed in'
        ? pair?.delete(pairKey(email, from))
        : pair?.reward(pairKey(email, from)));
      await address?.reward(addressKey(from));
    },
    beginProof: (sessionId) => consume(proof, sessionKey(sessionId), refusal),
    async forgiveProof(sessionId) {
      await proof?.reward(sessionKey(sessionId));
    },
    countRegistration: (from) => consume(registrations, addressKey(from), refusal),
  };
}

const sessionKey = (sessionId: string) => `session:${sessionId}`;

/** No email address in the store. */
const pairKey = (email: string, address: string) =>
  createHash('sha256')
    .update(`${email}\n${addressKey(address)}`)
    .digest('base64url');
