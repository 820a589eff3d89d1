import { afterAll, beforeAll, type Mock, spyOn } from 'bun:test';

/** argon2id as always, with less of memory: a thousandth of the work. Whoever verifies takes the cost from the hash. */
export const cheapPassword = { algorithm: 'argon2id', memoryCost: 32, timeCost: 1 } as const;

/** For files or groups that sign in again and again, and for which it is nothing that a password costs time. */
export function makePasswordsCheap(): void {
  let spy: Mock<typeof Bun.password.hash> | undefined;
  beforeAll(() => {
    const hash = Bun.password.hash.bind(Bun.password);
    spy = spyOn(Bun.password, 'hash').mockImplementation((password) => hash(password, cheapPassword));
  });
  afterAll(() => spy?.mockRestore());
}
