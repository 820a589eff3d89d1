import type { Pool } from 'pg';
import { NexusError } from '#shared/errors.ts';
import type { AdminService } from '../admin/service.ts';
import { readUpstreamUsage } from '../admin/upstream-usage.ts';
import { type AccessTokens, consoleTokenSeconds, type TokenClaims } from '../auth/access-tokens.ts';
import type { Client } from '../auth/client-of.ts';
import type { TotpSetup } from '../auth/second-factors.ts';
import type { AuthService, Credentials } from '../auth/service.ts';
import type { ConsoleFigures, NoticeName } from './page.ts';

export interface ConsoleService {
  /**
   * @param former the cookie that the browser has from before: its session ends
   * @throws {NexusError} `invalid_credentials`, `forbidden`, `too_many_requests`, `unavailable`
   */
  signIn(login: Credentials, client: Client, former: string | null): Promise<ConsoleSignIn>;
  signOut(claims: TokenClaims, client: Pick<Client, 'address'>): Promise<void>;
  figures(): Promise<ConsoleFigures>;
  /** @throws {NexusError} `not_found` for a job that there is not */
  runNow(job: string, userId: string): Promise<NoticeName>;
  replay(failureId: string, userId: string): Promise<NoticeName>;
}

export type ConsoleSignIn =
  | { cookie: string; recoveryCodes: string[]; setup?: undefined }
  | { cookie?: undefined; setup: TotpSetup };

export const signedInSeconds = consoleTokenSeconds;

interface ConsoleDeps {
  pool: Pool;
  admin: AdminService;
  auth: AuthService;
  tokens: AccessTokens;
  now: () => number;
}

export function createConsoleService({ pool, admin, auth, tokens, now }: ConsoleDeps): ConsoleService {
  return {
    async signIn(login, client, former) {
      const opened = await auth.signInAdmin(login, client);
      const old = former === null ? undefined : await tokens.read(former);
      if (opened.claims === undefined) return opened;
      if (old !== undefined) await auth.logout(old, client);
      return { cookie: await tokens.sign(opened.claims), recoveryCodes: opened.recoveryCodes ?? [] };
    },
    signOut: (claims, client) => auth.logout(claims, client),
    async figures() {
      const [overview, hours, { runs }, newest, { failures, total }] = await Promise.all([
        admin.overview(),
        readUpstreamUsage(pool, 'hour', new Date(now())),
        admin.runs.page({ page: 1, limit: 12 }),
        admin.runs.news([]),
        admin.failures.page({ page: 1, limit: 10 }),
      ]);
      return { overview, hours, runs, newest, failures, failuresTotal: total };
    },
    runNow: (job, userId) =>
      told(admin.requestRun({ job, userId, key: undefined, force: false }), 'requested', {
        already_running: 'running',
        unavailable: 'away',
      }),
    replay: (failureId, userId) =>
      told(admin.failures.replay(failureId, userId), 'replayed', {
        already_running: 'running',
        unavailable: 'away',
        not_found: 'missing',
        invalid_input: 'outdated',
      }),
  };
}

/** The notice that the page shows after an action. Other errors are thrown. */
async function told(
  action: Promise<unknown>,
  done: NoticeName,
  failed: Partial<Record<NexusError['code'], NoticeName>>,
): Promise<NoticeName> {
  try {
    await action;
    return done;
  } catch (error) {
    const notice = error instanceof NexusError ? failed[error.code] : undefined;
    if (notice === undefined) throw error;
    return notice;
  }
}
