import type { Pool } from 'pg';
import type { Role } from '#shared/users/user.ts';
import type { VerifyToken } from '../http/callers/viewer.ts';
import { queryStore, type Statement } from '../store/query-store.ts';
import type { AccessTokens } from './access-tokens.ts';

/** $1: session, $2: user, $3: now. */
const statement: Statement = {
  name: 'api-session-viewer',
  text: `
    select u.role, u.date_of_birth::text as date_of_birth, u.taste_version
    from sessions s join users u on u.id = s.user_id
    where s.id = $1 and s.user_id = $2 and s.expires_at > to_timestamp($3::float8 / 1000)`,
};

interface Row {
  role: Role;
  date_of_birth: string | null;
  taste_version: string;
}

/** Whose live session a token belongs to. The role is read here each time: it is in no token. */
export function createVerifyToken(deps: {
  pool: Pool;
  tokens: AccessTokens;
  now: () => number;
}): VerifyToken {
  const { pool, tokens, now } = deps;
  return async (token) => {
    const claims = await tokens.read(token);
    if (claims === undefined) return undefined;
    const { userId, sessionId } = claims;
    const [row] = await queryStore<Row & Record<string, unknown>>(pool, statement, [
      sessionId,
      userId,
      now(),
    ]);
    return (
      row && {
        userId,
        sessionId,
        role: row.role,
        dateOfBirth: row.date_of_birth,
        tasteVersion: row.taste_version,
      }
    );
  };
}
