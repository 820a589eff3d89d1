import type { Pool } from 'pg';
import { prepared, sql } from '#shared/db/sql.ts';
import type { Role } from '#shared/users/user.ts';
import type { VerifyToken, Viewer } from '../http/callers/viewer.ts';
import { queryStore } from '../store/query-store.ts';
import type { AccessTokens, ReadToken } from './access-tokens.ts';
import { hasBegun } from './session-statements.ts';

interface Row {
  role: Role;
  date_of_birth: string | null;
  country: string | null;
  taste_version: string;
  begin_ms: number;
  end_ms: number;
}

/** A live session that a token has proved, and between which moments it does. */
export interface ProvenSession {
  viewer: Viewer;
  beginMs: number;
  endMs: number;
}

/** @returns `undefined` for a token that proves nothing */
export type ReadSession = (
  token: string,
  /** Told whose it is, before the session is read. */
  onClaims?: (claims: ReadToken) => void,
) => Promise<ProvenSession | undefined>;

const sessionStatement = prepared<
  { sessionId: string; userId: string; nowMs: number; needsTotp: boolean },
  Row
>(
  'api-session-viewer',
  ({ sessionId, userId, nowMs, needsTotp }) => sql`
    select case when ${needsTotp}::boolean and not s.totp then 'user' else u.role end as role, u.date_of_birth::text as date_of_birth, u.country, u.taste_version,
      extract(epoch from s.created_at)::float8 * 1000 as begin_ms, extract(epoch from s.expires_at)::float8 * 1000 as end_ms
    from sessions s join users u on u.id = s.user_id
    where s.id = ${sessionId} and s.user_id = ${userId} and u.locked_at is null and s.expires_at > to_timestamp(${nowMs}::float8 / 1000)
      and ${hasBegun('s.created_at', sql`to_timestamp(${nowMs}::float8 / 1000)`)}`,
);

interface ReadSessionDeps {
  pool: Pool;
  tokens: AccessTokens;
  /** Whether only those are administrators who have given a second factor. */
  needsTotp: boolean;
  now: () => number;
}

/** Reads in the store whose live session a token belongs to. The role is in no token. */
export function createReadSession({ pool, tokens, needsTotp, now }: ReadSessionDeps): ReadSession {
  return async (token, onClaims) => {
    const claims = await tokens.read(token);
    if (claims === undefined) return undefined;
    onClaims?.(claims);
    const { userId, sessionId } = claims;
    const [row] = await queryStore(pool, sessionStatement({ sessionId, userId, nowMs: now(), needsTotp }));
    if (row === undefined) return undefined;
    const { role, date_of_birth: dateOfBirth, country, taste_version: tasteVersion } = row;
    return {
      viewer: { userId, sessionId, role, dateOfBirth, country, tasteVersion },
      beginMs: row.begin_ms,
      endMs: Math.min(row.end_ms, claims.endMs),
    };
  };
}

/** The same, and nothing is remembered. */
export function createVerifyToken(deps: ReadSessionDeps): VerifyToken {
  const read = createReadSession(deps);
  return async (token) => (await read(token))?.viewer;
}
