import type { Pool } from 'pg';
import { prepared, sql } from '#shared/db/sql.ts';
import type { Role } from '#shared/users/user.ts';
import type { VerifyToken } from '../http/callers/viewer.ts';
import { queryStore } from '../store/query-store.ts';
import type { AccessTokens } from './access-tokens.ts';
import { hasBegun } from './session-statements.ts';

interface Row {
  role: Role;
  date_of_birth: string | null;
  country: string | null;
  taste_version: string;
}

const sessionStatement = prepared<
  { sessionId: string; userId: string; nowMs: number; needsTotp: boolean },
  Row
>(
  'api-session-viewer',
  ({ sessionId, userId, nowMs, needsTotp }) => sql`
    select case when ${needsTotp}::boolean and not s.totp then 'user' else u.role end as role, u.date_of_birth::text as date_of_birth, u.country, u.taste_version
    from sessions s join users u on u.id = s.user_id
    where s.id = ${sessionId} and s.user_id = ${userId} and u.locked_at is null and s.expires_at > to_timestamp(${nowMs}::float8 / 1000)
      and ${hasBegun('s.created_at', sql`to_timestamp(${nowMs}::float8 / 1000)`)}`,
);

/** Whose live session a token belongs to. The role is read here each time: it is in no token. */
export function createVerifyToken(deps: {
  pool: Pool;
  tokens: AccessTokens;
  /** Whether only those are administrators who have given a second factor. */
  needsTotp: boolean;
  now: () => number;
}): VerifyToken {
  const { pool, tokens, needsTotp, now } = deps;
  return async (token) => {
    const claims = await tokens.read(token);
    if (claims === undefined) return undefined;
    const { userId, sessionId } = claims;
    const [row] = await queryStore(pool, sessionStatement({ sessionId, userId, nowMs: now(), needsTotp }));
    return (
      row && {
        userId,
        sessionId,
        role: row.role,
        dateOfBirth: row.date_of_birth,
        country: row.country,
        tasteVersion: row.taste_version,
      }
    );
  };
}
