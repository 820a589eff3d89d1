/** OWASP's minimum for argon2id: 19 MiB, two passes. */
const cost = { algorithm: 'argon2id', memoryCost: 19_456, timeCost: 2 } as const;

/** The same password, however the keyboard composed its letters (NIST SP 800-63B). */
const normalized = (password: string) => password.normalize('NFKC');

export const hashPassword = (password: string): Promise<string> =>
  Bun.password.hash(normalized(password), cost);

export const verifyPassword = (password: string, hash: string): Promise<boolean> =>
  Bun.password.verify(normalized(password), hash, 'argon2id');
