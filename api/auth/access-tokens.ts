import { jwt } from '@elysiajs/jwt';

/** Whom a token is about, as it says itself: the session may have ended since. */
export interface TokenClaims {
  userId: string;
  sessionId: string;
}

export interface ReadToken extends TokenClaims {
  /** From then on it has expired. */
  endMs: number;
}

export interface AccessTokens {
  sign(claims: TokenClaims): Promise<string>;
  /** `undefined` for whatever we did not sign, or what has expired. */
  read(token: string): Promise<ReadToken | undefined>;
}

interface AccessTokensOptions {
  secret: string;
  /** Still verifies, while the secret is being changed. */
  previousSecret: string | undefined;
  now: () => number;
  /** What its tokens are good for; the API's are not the console's. */
  kind?: keyof typeof kinds;
}

export const accessTokenSeconds = 15 * 60;
/** A console stays signed in for a working day; its session can be ended at any moment. */
export const consoleTokenSeconds = 12 * 3600;
const kinds = {
  api: { audience: 'nexus-api', seconds: accessTokenSeconds },
  console: { audience: 'nexus-console', seconds: consoleTokenSeconds },
} as const;
const issuer = 'nexus';
/** The one there is: what a token's header names is compared with it, never followed. */
const algorithm = 'HS256';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
/** Far longer than ours are. */
const maxLength = 1000;

/** Short-lived signed tokens (RFC 7519, HMAC SHA-256) that name a session; roles are not in them. */
export function createAccessTokens(options: AccessTokensOptions): AccessTokens {
  const { secret, previousSecret, now, kind = 'api' } = options;
  const { audience, seconds } = kinds[kind];
  const signer = jwt({ secret, alg: algorithm, iss: issuer, aud: audience }).decorator.jwt;
  const verifiers = [signer];
  if (previousSecret !== undefined) verifiers.push(jwt({ secret: previousSecret }).decorator.jwt);
  return {
    sign: ({ userId, sessionId }) =>
      signer.sign({
        sub: userId,
        sid: sessionId,
        jti: Bun.randomUUIDv7(),
        exp: Math.floor(now() / 1000) + seconds,
      }),
    async read(token) {
      if (token.length > maxLength) return undefined;
      for (const { verify } of verifiers) {
        const claims = await verify(token, {
          algorithms: [algorithm],
          issuer,
          audience,
          requiredClaims: ['sub', 'sid', 'exp', 'iat'],
          currentDate: new Date(now()),
        });
        if (claims !== false) return claimsOf(claims.sub, claims.sid, claims.exp);
      }
      return undefined;
    },
  };
}

const claimsOf = (userId: unknown, sessionId: unknown, exp = 0): ReadToken | undefined =>
  typeof userId === 'string' && typeof sessionId === 'string' && uuid.test(userId) && uuid.test(sessionId)
    ? { userId, sessionId, endMs: exp * 1000 }
    : undefined;
