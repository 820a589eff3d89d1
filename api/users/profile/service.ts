import type { Pool } from 'pg';
import { NexusError } from '#shared/errors.ts';
import { weaknessOf } from '#shared/users/weak-password.ts';
import { type AccountRow, accountColumns, presentAccount } from '../../auth/account-row.ts';
import type { LoginThrottles } from '../../auth/login-throttles.ts';
import type { Passwords } from '../../auth/passwords.ts';
import { invalidCredentials } from '../../auth/service.ts';
import { sessionOver } from '../../http/callers/session-over.ts';
import type { Viewer } from '../../http/callers/viewer.ts';
import { userKey } from '../../http/throttles/throttle-key.ts';
import { queryStore, type Statement } from '../../store/query-store.ts';
import type { UserTransaction } from '../writing/user-transaction.ts';
import type { ProfileChange } from './model.ts';

export interface ProfileService {
  read(viewer: Viewer): Promise<OwnAccount>;
  /** A changed password ends the other sessions. @throws {NexusError} `invalid_credentials`, `too_many_requests` */
  change(viewer: Viewer, change: ProfileChange): Promise<void>;
  /** Everything of the user's is gone. @throws {NexusError} `invalid_credentials`, `too_many_requests` */
  remove(viewer: Viewer, password: string): Promise<void>;
}

export type OwnAccount = ReturnType<typeof presentAccount> & { interactions: InteractionCounts };

interface InteractionCounts {
  liked: number;
  disliked: number;
  bookmarked: number;
  watched: number;
}

type Proven = { email: string; password_hash: string };

interface ProfileDeps {
  pool: Pool;
  transaction: UserTransaction;
  passwords: Passwords;
  throttles: LoginThrottles;
}

/** $1: user. */
const readStatement: Statement = {
  name: 'api-profile',
  text: `
    select ${accountColumns}, c.liked, c.disliked, c.bookmarked, c.watched
    from users u, lateral (
      select
        count(*) filter (where interaction_type = 'liked')::int as liked,
        count(*) filter (where interaction_type = 'disliked')::int as disliked,
        count(*) filter (where interaction_type = 'bookmarked')::int as bookmarked,
        count(*) filter (where interaction_type = 'watched')::int as watched
      from user_movie_interactions where user_id = u.id
    ) c
    where u.id = $1`,
};

const hashStatement: Statement = {
  name: 'api-password-of-user',
  text: 'select email, password_hash from users where id = $1',
};

/**
 * $1: user, $2: name or null, $3: whether the date of birth changes, $4: to what, $5: hash or null, $6: the hash that
 * was verified or null, $7: the session that goes on.
 */
const changeStatement: Statement = {
  name: 'api-change-profile',
  text: `
    with changed as (
      update users set name = coalesce($2, name), date_of_birth = case when $3 then $4::date else date_of_birth end,
        password_hash = coalesce($5, password_hash)
      where id = $1 and ($6::text is null or password_hash = $6) returning id
    ), ended as (
      delete from sessions s using changed where s.user_id = changed.id and s.id <> $7 and $5::text is not null
    )
    select id from changed`,
};

const removeStatement: Statement = {
  name: 'api-delete-user',
  text: 'delete from users where id = $1 and password_hash = $2 returning id',
};

export function createProfileService({
  pool,
  transaction,
  passwords,
  throttles,
}: ProfileDeps): ProfileService {
  /** @returns whose password it is, and the hash that it was right for */
  const prove = async ({ userId, sessionId }: Viewer, password: string) => {
    const [user] = await queryStore<Proven>(pool, hashStatement, [userId]);
    if (user === undefined) throw sessionOver();
    await throttles.beginProof(sessionId);
    const right = await passwords
      .verify(password, user.password_hash, userKey(userId))
      .catch(async (error) => {
        await throttles.forgiveProof(sessionId);
        throw error;
      });
    if (!right) throw invalidCredentials();
    await throttles.forgiveProof(sessionId);
    return user;
  };

  return {
    async read({ userId }) {
      const [row] = await queryStore<AccountRow & InteractionCounts>(pool, readStatement, [userId]);
      if (row === undefined) throw sessionOver();
      const { liked, disliked, bookmarked, watched } = row;
      return { ...presentAccount(row), interactions: { liked, disliked, bookmarked, watched } };
    },
    async change(viewer, { name, date_of_birth: dateOfBirth, password }) {
      const proven = password ? await prove(viewer, password.current) : undefined;
      if (password && proven) refuseWeak(password.next, proven.email);
      const hash = password ? await passwords.hash(password.next, userKey(viewer.userId)) : null;
      const values = [
        viewer.userId,
        name ?? null,
        dateOfBirth !== undefined,
        dateOfBirth ?? null,
        hash,
        proven?.password_hash ?? null,
        viewer.sessionId,
      ];
      // With the user's row held, no login with the former password can slip in its session unseen.
      const rows = await transaction(viewer.userId, (query) => query(changeStatement, values));
      // The password was changed from elsewhere at the same moment, or the account is gone.
      if (rows.length === 0) throw password ? invalidCredentials() : sessionOver();
    },
    async remove(viewer, password) {
      const { password_hash: verified } = await prove(viewer, password);
      const rows = await queryStore(pool, removeStatement, [viewer.userId, verified]);
      if (rows.length === 0) throw invalidCredentials();
    },
  };
}

/** What the schema cannot know: whose password it is going to be. @throws {NexusError} `invalid_input` */
function refuseWeak(password: string, email: string): void {
  const message = weaknessOf(password, email);
  if (message !== undefined)
    throw new NexusError('invalid_input', 'Some of the input is not valid.', {
      details: [{ path: 'password.next', message }],
    });
}
