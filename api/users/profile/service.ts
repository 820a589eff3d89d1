import type { Pool } from 'pg';
import { prepared, sql } from '#shared/db/sql.ts';
import { NexusError } from '#shared/errors.ts';
import { isAbsent } from '#shared/movies/is-absent.ts';
import { weaknessOf } from '#shared/weak-password.ts';
import { type AccountRow, accountColumns, presentAccount } from '../../auth/account-row.ts';
import { endResets } from '../../auth/password-resets.ts';
import type { Passwords } from '../../auth/passwords.ts';
import type { ProvePassword } from '../../auth/prove-password.ts';
import { refuseWeakPassword } from '../../auth/refuse-weak-password.ts';
import type { SecondFactors } from '../../auth/second-factors.ts';
import { emailTaken, invalidCredentials, totpRequired } from '../../auth/service.ts';
import { sessionOver } from '../../http/callers/session-over.ts';
import type { Viewer } from '../../http/callers/viewer.ts';
import { consume, tooManyAttempts } from '../../http/throttles/consume.ts';
import type { KnownLimits } from '../../http/throttles/known-limits.ts';
import type { Limit } from '../../http/throttles/limit.ts';
import type { LimitOptions } from '../../http/throttles/open-limits.ts';
import { userKey } from '../../http/throttles/throttle-key.ts';
import { forgetUserStatement, type SecurityLog } from '../../security-log/security-log.ts';
import { queryStore } from '../../store/query-store.ts';
import { refuseLosingLastAdmin } from '../writing/refuse-losing-last-admin.ts';
import type { UserTransaction } from '../writing/user-transaction.ts';
import type { ProfileChange } from './model.ts';

/** Each one tells whether somebody has the email. */
export const emailChangeLimit: LimitOptions = { name: 'email-changes', points: 10, durationSeconds: 3600 };

export interface ProfileService {
  read(viewer: Pick<Viewer, 'userId'>): Promise<OwnAccount>;
  /**
   * A changed password ends the other sessions.
   * @throws {NexusError} `invalid_credentials`, `totp_required`, `invalid_input`, `email_taken`, `too_many_requests`
   */
  change(viewer: Viewer, change: ProfileChange): Promise<void>;
  /** Everything of the user's is gone. @throws {NexusError} `invalid_credentials`, `last_admin`, `too_many_requests` */
  remove(viewer: Viewer, password: string): Promise<void>;
}

export type OwnAccount = ReturnType<typeof presentAccount> & {
  country: string | null;
  interactions: InteractionCounts;
};

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
  prove: ProvePassword;
  factors: Pick<SecondFactors, 'isOn' | 'take'>;
  /** `undefined`: none */
  emailChanges: Limit | undefined;
  forgetLimits: KnownLimits['forgetUser'];
  security: Pick<SecurityLog, 'keyOfDeleted'>;
}

const readStatement = prepared<
  { userId: string },
  AccountRow & { country: string | null } & InteractionCounts
>(
  'api-profile',
  ({ userId }) => sql`
    select ${accountColumns}, u.country, c.liked, c.disliked, c.bookmarked, c.watched
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

const emailStatement = prepared<{ userId: string }, { email: string }>(
  'api-email-of-user',
  ({ userId }) => sql`select email from users where id = ${userId}`,
);

/** What is null stays as it is. */
interface Change {
  userId: string;
  name: string | null;
  setsDateOfBirth: boolean;
  dateOfBirth: string | null;
  setsCountry: boolean;
  country: string | null;
  newHash: string | null;
  newEmail: string | null;
  verifiedHash: string | null;
  /** The session that goes on. */
  sessionId: string;
}

const changeStatement = prepared<Change, { id: string }>(
  'api-change-profile',
  ({
    userId,
    name,
    setsDateOfBirth,
    dateOfBirth,
    setsCountry,
    country,
    newHash,
    newEmail,
    verifiedHash,
    sessionId,
  }) => sql`
    with changed as (
      update users set name = coalesce(${name}, name),
        date_of_birth = case when ${setsDateOfBirth} then ${dateOfBirth}::date else date_of_birth end,
        country = case when ${setsCountry} then ${country}::text else country end,
        password_hash = coalesce(${newHash}, password_hash), email = coalesce(${newEmail}, email)
      where id = ${userId} and (${verifiedHash}::text is null or password_hash = ${verifiedHash}) returning id
    ), ended as (
      delete from sessions s using changed
      where s.user_id = changed.id and s.id <> ${sessionId} and ${newHash}::text is not null
    )
    select id from changed`,
);

const emailTakenStatement = prepared<{ userId: string; email: string }>(
  'api-email-taken-by-other',
  ({ userId, email }) => sql`select 1 from users where email = ${email} and id <> ${userId}`,
);

/** Failed jobs that were about the user, or one of their imports. */
const forgetFailuresStatement = prepared<{ userId: string }>(
  'api-forget-failures-of-user',
  ({ userId }) => sql`
    delete from job_failures where subject = ${userId}::uuid::text
      or subject in (select id::text from user_imports where user_id = ${userId}::uuid)`,
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
  prove,
  factors,
  emailChanges,
  forgetLimits,
  security,
}: ProfileDeps): ProfileService {
  const emailOf = async (userId: string): Promise<string> => {
    const [user] = await queryStore(pool, emailStatement({ userId }));
    if (user === undefined) throw sessionOver();
    return user.email;
  };

  /** Links for a new password go to the email: it takes as much to change it as to sign in. */
  const proveFactor = async ({ userId, sessionId }: Viewer, code: string | undefined): Promise<void> => {
    if (!(await factors.isOn(userId))) return;
    const taken = code === undefined ? undefined : await factors.take(userId, code, { sessionId });
    if (taken === undefined) throw totpRequired();
  };

  return {
    async read({ userId }) {
      const [row] = await queryStore(pool, readStatement({ userId }));
      if (row === undefined) throw sessionOver();
      const { country, liked, disliked, bookmarked, watched } = row;
      const { id, name, email, date_of_birth, ...rest } = presentAccount(row);
      const account = { id, name, email, date_of_birth, country, ...rest };
      return { ...account, interactions: { liked, disliked, bookmarked, watched } };
    },
    async change(viewer, change) {
      const { name, date_of_birth: dateOfBirth, country, password, email } = change;
      const { userId, sessionId } = viewer;
      const proofs = [password?.current, email?.password].filter((given) => given !== undefined);
      let verifiedHash: string | null = null;
      for (const given of new Set(proofs)) verifiedHash = await prove(viewer, given);
      if (email !== undefined) {
        await consume(emailChanges, userKey(userId), tooManyAttempts);
        // Before the hash, which is what costs; the constraint has the last word.
        if ((await queryStore(pool, emailTakenStatement({ userId, email: email.next }))).length > 0)
          throw emailTaken();
      }
      if (email && !password) refuseOwnPassword(email);
      if (password)
        refuseWeakPassword('password.next', password.next, email?.next ?? (await emailOf(userId)));
      // Last of what can be refused: a code works once.
      if (email) await proveFactor(viewer, email.code);
      const newHash = password ? await passwords.hash(password.next, userKey(userId)) : null;
      const statement = changeStatement({
        userId,
        name: name ?? null,
        setsDateOfBirth: dateOfBirth !== undefined,
        dateOfBirth: dateOfBirth ?? null,
        setsCountry: country !== undefined,
        country: country ?? null,
        newHash,
        newEmail: email?.next ?? null,
        verifiedHash,
        sessionId,
      });
      // With the user's row held, no login with the former password can slip in its session unseen.
      const rows = await transaction(viewer, async (query) => {
        if (password !== undefined || email !== undefined) await endResets(query, userId);
        return query(statement);
      }).catch((error: unknown) => {
        throw isOfTakenEmail(error) ? emailTaken() : error;
      });
      // The password was changed from elsewhere at the same moment, or the account is gone.
      if (rows.length === 0) throw verifiedHash === null ? sessionOver() : invalidCredentials();
    },
    async remove(viewer, password) {
      const { userId } = viewer;
      const verifiedHash = await prove(viewer, password);
      await transaction(viewer, async (query) => {
        await refuseLosingLastAdmin(query, userId);
        await query(forgetFailuresStatement({ userId }));
        if ((await query(removeStatement({ userId, verifiedHash }))).length === 0) throw invalidCredentials();
        await query(forgetUserStatement({ userId, key: security.keyOfDeleted(userId) }));
      });
      await forgetLimits(userId);
    },
  };
}

/** Somebody else took it at the same moment. */
const isOfTakenEmail = (error: unknown): boolean =>
  (error as { constraint?: unknown }).constraint === 'users_email_unique';

/** By the other way round, too, nobody's password is their email. @throws {NexusError} `invalid_input` */
function refuseOwnPassword({ password, next }: { password: string; next: string }): void {
  if (weaknessOf(password, next) === weaknessOf(password)) return;
  const details = [{ path: 'email.next', message: 'must not be your password' }];
  throw new NexusError('invalid_input', 'Some of the input is not valid.', { details });
}
