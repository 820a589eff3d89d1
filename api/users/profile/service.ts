import type { Pool } from 'pg';
import { prepared, sql } from '#shared/db/sql.ts';
import { isAbsent } from '#shared/movies/is-absent.ts';
import { type AccountRow, accountColumns, presentAccount } from '../../auth/account-row.ts';
import type { LoginThrottles } from '../../auth/login-throttles.ts';
import type { Passwords } from '../../auth/passwords.ts';
import { invalidCredentials } from '../../auth/service.ts';
import { sessionOver } from '../../http/callers/session-over.ts';
import type { Viewer } from '../../http/callers/viewer.ts';
import { queryStore } from '../../store/query-store.ts';
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

interface ProfileDeps {
  pool: Pool;
  transaction: UserTransaction;
  passwords: Passwords;
  throttles: LoginThrottles;
}

const readStatement = prepared<{ userId: string }, AccountRow & InteractionCounts>(
  'api-profile',
  ({ userId }) => sql`
    select ${accountColumns}, c.liked, c.disliked, c.bookmarked, c.watched
    from users u, lateral (
      select
        count(*) filter (where interaction_type = 'liked')::int as liked,
        count(*) filter (where interaction_type = 'disliked')::int as disliked,
        count(*) filter (where interaction_type = 'bookmarked')::int as bookmarked,
        count(*) filter (where interaction_type = 'watched')::int as watched
      from user_movie_interactions i where user_id = u.id
        and not exists (select 1 from movies m where m.id = i.movie_id and ${isAbsent('m')})
    ) c
    where u.id = ${userId}`,
);

const hashStatement = prepared<{ userId: string }, { password_hash: string }>(
  'api-password-of-user',
  ({ userId }) => sql`select password_hash from users where id = ${userId}`,
);

/** What is null stays as it is. */
interface Change {
  userId: string;
  name: string | null;
  setsDateOfBirth: boolean;
  dateOfBirth: string | null;
  newHash: string | null;
  verifiedHash: string | null;
  /** The session that goes on. */
  sessionId: string;
}

const changeStatement = prepared<Change, { id: string }>(
  'api-change-profile',
  ({ userId, name, setsDateOfBirth, dateOfBirth, newHash, verifiedHash, sessionId }) => sql`
    with changed as (
      update users set name = coalesce(${name}, name),
        date_of_birth = case when ${setsDateOfBirth} then ${dateOfBirth}::date else date_of_birth end,
        password_hash = coalesce(${newHash}, password_hash)
      where id = ${userId} and (${verifiedHash}::text is null or password_hash = ${verifiedHash}) returning id
    ), ended as (
      delete from sessions s using changed
      where s.user_id = changed.id and s.id <> ${sessionId} and ${newHash}::text is not null
    )
    select id from changed`,
);

const removeStatement = prepared<{ userId: string; verifiedHash: string }>(
  'api-delete-user',
  ({ userId, verifiedHash }) =>
    sql`delete from users where id = ${userId} and password_hash = ${verifiedHash} returning id`,
);

export function createProfileService({
  pool,
  transaction,
  passwords,
  throttles,
}: ProfileDeps): ProfileService {
  /** @returns the hash that the password was right for */
  const prove = async ({ userId, sessionId }: Viewer, password: string): Promise<string> => {
    const [user] = await queryStore(pool, hashStatement({ userId }));
    if (user === undefined) throw sessionOver();
    await throttles.beginProof(sessionId);
    const right = await passwords.verify(password, user.password_hash).catch(async (error) => {
      await throttles.forgiveProof(sessionId);
      throw error;
    });
    if (!right) throw invalidCredentials();
    await throttles.forgiveProof(sessionId);
    return user.password_hash;
  };

  return {
    async read({ userId }) {
      const [row] = await queryStore(pool, readStatement({ userId }));
      if (row === undefined) throw sessionOver();
      const { liked, disliked, bookmarked, watched } = row;
      return { ...presentAccount(row), interactions: { liked, disliked, bookmarked, watched } };
    },
    async change(viewer, { name, date_of_birth: dateOfBirth, password }) {
      const { userId, sessionId } = viewer;
      const verifiedHash = password ? await prove(viewer, password.current) : null;
      const newHash = password ? await passwords.hash(password.next) : null;
      const statement = changeStatement({
        userId,
        name: name ?? null,
        setsDateOfBirth: dateOfBirth !== undefined,
        dateOfBirth: dateOfBirth ?? null,
        newHash,
        verifiedHash,
        sessionId,
      });
      // With the user's row held, no login with the former password can slip in its session unseen.
      const rows = await transaction(userId, (query) => query(statement));
      // The password was changed from elsewhere at the same moment, or the account is gone.
      if (rows.length === 0) throw password ? invalidCredentials() : sessionOver();
    },
    async remove(viewer, password) {
      const verifiedHash = await prove(viewer, password);
      const rows = await queryStore(pool, removeStatement({ userId: viewer.userId, verifiedHash }));
      if (rows.length === 0) throw invalidCredentials();
    },
  };
}
