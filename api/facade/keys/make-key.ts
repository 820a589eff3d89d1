import { createHash, randomBytes } from 'node:crypto';

/** A key of `/3` in both shapes that TMDb's clients know: some send one alone, by what it looks like. */
export interface MadeKey {
  /** 32 hex characters, for `?api_key=`. */
  api_key: string;
  /** Three parts with dots between, for `Authorization: Bearer`. */
  token: string;
}

export function makeKey(id: string): MadeKey {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const header = part({ alg: 'HS256' });
  // Only its shape is that of a JWT: what counts is that it is random, and known.
  const payload = part({ sub: id, scopes: ['api_read'], version: 1 });
  return {
    api_key: randomBytes(16).toString('hex'),
    token: `${header}.${payload}.${randomBytes(32).toString('base64url')}`,
  };
}

export const hashOfKey = (text: string): Buffer => createHash('sha256').update(text).digest();
