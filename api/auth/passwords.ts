import { availableParallelism } from 'node:os';
import { NexusError } from '#shared/errors.ts';
import { hashPassword, verifyPassword } from '#shared/users/hash-password.ts';
import { createFairLane } from '../store/fair-lane.ts';

export interface Passwords {
  /**
   * @param caller who waits for it, as `laneKey` or `userKey` has them: callers take turns
   * @throws {NexusError} `unavailable` when too many wait already
   */
  hash(password: string, caller: string): Promise<string>;
  /**
   * Takes as long for `undefined` (no account has this address) as for a real hash.
   * @throws {NexusError} `unavailable`
   */
  verify(password: string, hash: string | undefined, caller: string): Promise<boolean>;
}

interface PasswordsOptions {
  /** Hashes at a time: they run on threads that file reads and name look-ups need, too. */
  lanes?: number;
  /** How many may wait; at some 30 ms each, none waits much longer than a second. */
  maxWaiting?: number;
}

const retryAfterMs = 2000;
const laneFull = () =>
  new NexusError('unavailable', 'Too many people are signing in right now. Please try again.', {
    retryAfterMs,
  });

/** Hashing in a lane of its own, so that a storm of logins costs those who log in, and nobody else. */
export function createPasswords(options: PasswordsOptions = {}): Passwords {
  const { lanes = Math.max(1, Math.min(2, availableParallelism() - 1)), maxWaiting = 32 } = options;
  const lane = createFairLane({ lanes, maxWaiting, refusal: laneFull });
  let nobodys: Promise<string> | undefined;
  return {
    hash: (password, caller) => lane.run(caller, () => hashPassword(password)),
    async verify(password, known, caller) {
      // Made at the first login, for known and unknown addresses alike. Later logins use it again.
      nobodys ??= hashPassword(crypto.randomUUID());
      const against = known ?? (await nobodys);
      const right = await lane.run(caller, () => verifyPassword(password, against));
      return right && known !== undefined;
    },
  };
}
