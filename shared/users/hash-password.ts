/** OWASP's minimum for argon2id: about 30 ms, 19 MiB. Callers bound how many run at once. */
const parameters = { algorithm: 'argon2id', memoryCost: 19_456, timeCost: 2 } as const;

export function hashPassword(password: string): Promise<string> {
  return Bun.password.hash(comparable(password), parameters);
}

export function verifyPassword(password: string, hash: string): Promise<boolean> {
  return Bun.password.verify(comparable(password), hash);
}

/** The same characters typed on another keyboard are the same password. */
const comparable = (password: string) => password.normalize('NFKC');
