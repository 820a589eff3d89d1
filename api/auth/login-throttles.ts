import { createHash } from 'node:crypto';
import { NexusError } from '#shared/errors.ts';
import { consume, tooManyAttempts } from '../http/throttles/consume.ts';
import { consumeAll } from '../http/throttles/consume-all.ts';
import type { Limit } from '../http/throttles/limit.ts';
import type { LimitOptions } from '../http/throttles/open-limits.ts';
import { openPlaceLimit } from '../http/throttles/place-limit.ts';
import { addressKey, networkKey } from '../http/throttles/throttle-key.ts';
import type { LoginNetworks } from './login-networks.ts';

const quarterHour = 15 * 60;
/** All but the last two count failed logins. */
export const loginLimits = {
  /** At one account from one address: whoever is elsewhere still gets in. */
  pair: { name: 'login-pair', points: 10, durationSeconds: quarterHour },
  /** From one address, at whatever accounts. */
  address: { name: 'login-address', points: 100, durationSeconds: quarterHour },
  /** The same of IPv6, where one caller has a whole network, and often a network of networks. */
  network64: { name: 'login-network-64', points: 10, durationSeconds: quarterHour },
  network56: { name: 'login-network-56', points: 100, durationSeconds: quarterHour },
  network48: { name: 'login-network-48', points: 300, durationSeconds: quarterHour },
  /** At one account over all addresses. Beyond it only networks that its owner has signed in from go on. */
  account: { name: 'login-account', points: 50, durationSeconds: quarterHour },
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

interface LoginThrottlesDeps {
  /** `undefined` where limits are switched off. */
  limitOf: (options: LimitOptions) => Limit | undefined;
  known: LoginNetworks['known'];
}

export function createLoginThrottles({ limitOf, known }: LoginThrottlesDeps): LoginThrottles {
  const pair = limitOf(loginLimits.pair);
  const account = limitOf(loginLimits.account);
  const proof = limitOf(loginLimits.proof);
  const countRegistration = openPlaceLimit(limitOf, loginLimits.registrations, tooManyAttempts.message);
  const countedPlaces = openPlaces(limitOf);
  return {
    async beginLogin(email, from) {
      // Whoever makes up emails is refused before anything is kept of them.
      const places = countedPlaces(from).reverse();
      await consumeAll([...places, { limit: pair, key: pairKey(email, from) }], tooManyAttempts);
      try {
        await consume(account, accountKey(email), tooManyAttempts);
      } catch (error) {
        const isOver = error instanceof NexusError && error.code === 'too_many_requests';
        if (!isOver || (await known(email, from)) === undefined) throw error;
      }
    },
    async forgiveLogin(email, from, outcome) {
      // A success proves that the owner is there; at the address others may still be guessing.
      await (outcome === 'signed in'
        ? pair?.delete(pairKey(email, from))
        : pair?.reward(pairKey(email, from)));
      await account?.reward(accountKey(email));
      for (const { limit, key } of countedPlaces(from)) await limit?.reward(key);
    },
    beginProof: (sessionId) => consume(proof, sessionKey(sessionId), tooManyAttempts),
    async forgiveProof(sessionId) {
      await proof?.reward(sessionKey(sessionId));
    },
    countRegistration,
  };
}

/** Where a login comes from: an address, or each of the networks around one of IPv6, the smallest first. */
function openPlaces(limitOf: LoginThrottlesDeps['limitOf']) {
  const address = limitOf(loginLimits.address);
  const network64 = limitOf(loginLimits.network64);
  const network56 = limitOf(loginLimits.network56);
  const network48 = limitOf(loginLimits.network48);
  return (from: string) => {
    const [key56, key48] = [networkKey(from, 56), networkKey(from, 48)];
    if (key56 === undefined || key48 === undefined) return [{ limit: address, key: addressKey(from) }];
    return [
      { limit: network64, key: addressKey(from) },
      { limit: network56, key: key56 },
      { limit: network48, key: key48 },
    ];
  };
}

const sessionKey = (sessionId: string) => `session:${sessionId}`;

/** No email address in the store. */
const hashOf = (text: string) => createHash('sha256').update(text).digest('base64url');
const pairKey = (email: string, address: string) => hashOf(`${email}\n${addressKey(address)}`);
const accountKey = (email: string) => hashOf(email);
