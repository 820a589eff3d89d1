import type { Pool } from 'pg';
import { codeOf, NexusError } from '#shared/errors.ts';
import type { Queues } from '#shared/queues/queue.ts';
import type { SettingInEffect } from '#shared/settings-in-effect.ts';
import { within } from '#shared/within.ts';
import packageJson from '../../package.json' with { type: 'json' };
import type { MovieReport } from '../admin/movie-report-model.ts';
import type { AdminService } from '../admin/service.ts';
import { readUpstreamUsage } from '../admin/upstream-usage.ts';
import { type AccessTokens, consoleTokenSeconds, type TokenClaims } from '../auth/access-tokens.ts';
import type { Client } from '../auth/client-of.ts';
import type { TotpSetup } from '../auth/second-factors.ts';
import type { AuthService, Credentials } from '../auth/service.ts';
import { askedMovies } from '../browse/model.ts';
import type { BrowseService } from '../browse/service.ts';
import { picturesAt, picturesPath } from '../http/input/picture-base.ts';
import type { FoundMovie } from './movie-pages.ts';
import type { ConsoleFigures, NoticeName } from './page.ts';
import { runsPerPage, type ShownRuns } from './runs-section.ts';

export interface ConsoleService {
  /**
   * @param former the cookie that the browser has from before: its session ends
   * @param form the one that shows what must be set up before
   * @throws {NexusError} `invalid_credentials`, `forbidden`, `too_many_requests`, `unavailable`
   */
  signIn(login: Credentials, client: Client, former: string | null, form: string): Promise<ConsoleSignIn>;
  signOut(claims: TokenClaims, client: Pick<Client, 'address'>): Promise<void>;
  figures(shown: ShownRuns): Promise<ConsoleFigures>;
  /** Movies with such a title, the best match first. */
  findMovies(words: string): Promise<FoundMovie[]>;
  /** `undefined`: nothing is known of it. */
  movie(tmdbId: number): Promise<MovieReport | undefined>;
  fetchMovie(tmdbId: number): Promise<NoticeName>;
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
  browse: BrowseService;
  queues: Pick<Queues, 'queue'>;
  settings: readonly SettingInEffect[];
  now: () => number;
}

/** A queue that does not answer spoils nothing else of the page. */
const queueTimeoutMs = 2000;

/** The console is in English, and shows no pictures. */
const consoleLocale = {
  language: 'en-US',
  region: 'US',
  datesOf: undefined,
  pictures: picturesAt(picturesPath, '/console'),
};

export function createConsoleService(deps: ConsoleDeps): ConsoleService {
  const { pool, admin, auth, tokens, browse, queues, settings, now } = deps;
  return {
    async signIn(login, client, former, form) {
      const opened = await auth.signInAdmin(login, client, form);
      const old = former === null ? undefined : await tokens.read(former);
      if (opened.claims === undefined) return opened;
      if (old !== undefined) await auth.logout(old, client);
      return { cookie: await tokens.sign(opened.claims), recoveryCodes: opened.recoveryCodes ?? [] };
    },
    signOut: (claims, client) => auth.logout(claims, client),
    async figures(shownRuns) {
      const [overview, hours, { runs, meta }, newest, { failures, total }, nextRuns] = await Promise.all([
        admin.overview(),
        readUpstreamUsage(pool, 'hour', new Date(now())),
        admin.runs.page({ ...shownRuns, limit: runsPerPage }),
        admin.runs.news([]),
        admin.failures.page({ page: 1, limit: 10 }),
        readNextRuns(queues),
      ]);
      return {
        overview,
        hours,
        runs,
        runsTotal: meta.total_results,
        shownRuns,
        newest,
        failures,
        failuresTotal: total,
        nextRuns,
        version: packageJson.version,
        settings,
      };
    },
    async findMovies(query) {
      const { bytes } = await browse.page(askedMovies({ query, limit: 20 }), undefined, consoleLocale);
      return (JSON.parse(new TextDecoder().decode(bytes)) as { data: FoundMovie[] }).data;
    },
    movie: (tmdbId) =>
      admin.movies.one(tmdbId).catch((error: unknown) => {
        if (codeOf(error) === 'movie_not_found') return undefined;
        throw error;
      }),
    fetchMovie: (tmdbId) => told(admin.movies.fetch(tmdbId), 'fetching', { unavailable: 'away' }),
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

async function readNextRuns(queues: Pick<Queues, 'queue'>): Promise<ReadonlyMap<string, string>> {
  const schedules = await within(queueTimeoutMs, queues.queue('sync').getJobSchedulers()).catch(() => []);
  return new Map(
    schedules.flatMap(({ key, next }) => (next === undefined ? [] : [[key, new Date(next).toISOString()]])),
  );
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
