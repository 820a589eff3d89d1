import { Elysia } from 'elysia';
import { NexusError } from '#shared/errors.ts';
import { FailureParams } from '../admin/failure-model.ts';
import { RunsQuery } from '../admin/model.ts';
import { MovieReportParams } from '../admin/movie-report-model.ts';
import type { RunStreams } from '../admin/run-stream.ts';
import { clientOf } from '../auth/client-of.ts';
import type { NoteConsoleActivity } from '../auth/console-activity.ts';
import { setPageHeaders } from '../http/answers/page-headers.ts';
import { seeOther } from '../http/answers/see-other.ts';
import { type Admission, sentFrom } from '../http/callers/admission.ts';
import type { ClientAddress } from '../http/callers/client-address.ts';
import { consoleCookie, consoleCookieHeader, consoleSignInPath } from '../http/callers/console-cookie.ts';
import { callerErrorOf } from '../http/failures/caller-error.ts';
import { nexusErrorOf } from '../http/failures/nexus-error-of.ts';
import { retryHeaders } from '../http/failures/retry-seconds.ts';
import { statusOf } from '../http/failures/status-of.ts';
import { formBody } from '../http/input/body-rule.ts';
import { TmdbIdText } from '../http/input/movie-params.ts';
import { anybody } from '../http/plugins/guards.ts';
import { parsedQuery, queryOf } from '../http/plugins/query.ts';
import type { SecurityLog } from '../security-log/security-log.ts';
import { consoleAssets, styleSheet } from './console-assets.ts';
import { forgetConsole } from './forget-console.ts';
import { foundMoviesPage, moviePage } from './movie-pages.ts';
import { consolePage, notices } from './page.ts';
import { nameIn } from './parts.ts';
import type { ShownRuns } from './runs-section.ts';
import { type ConsoleService, signedInSeconds } from './service.ts';
import { ownPath, readSignInForm } from './sign-in-form.ts';
import { recoveryCodesPage, signInPage, signOutPage } from './sign-in-page.ts';
import { signedInPages } from './signed-in-pages.ts';

interface ConsoleDeps {
  service: ConsoleService;
  streams: RunStreams;
  admission: Admission;
  addressOf: ClientAddress;
  security: Pick<SecurityLog, 'record'>;
  noteActivity: NoteConsoleActivity;
  /** Whether the browser came by HTTPS. */
  isSecure: (request: Request) => boolean;
}

const hidden = { detail: { hide: true } };

/** The administrators' pages: made here whole, and kept up to date by a small script of their own. */
export function consoleRoutes(deps: ConsoleDeps) {
  return new Elysia({ name: 'console' }).use(signInRoutes(deps)).use(signedInRoutes(deps));
}

function signInRoutes({ service, admission, addressOf, isSecure }: ConsoleDeps) {
  return new Elysia({ name: 'console-sign-in' })
    .use(anybody(admission))
    .use(parsedQuery())
    .onBeforeHandle(({ set }) => setPageHeaders(set.headers))
    .get(
      consoleSignInPath,
      ({ request }) => {
        const { next } = queryOf(request);
        return signInPage({ next: ownPath(typeof next === 'string' ? next : undefined) });
      },
      hidden,
    )
    .post(
      consoleSignInPath,
      async ({ body, request, set }) => {
        if (sentFrom(request) === 'another site')
          throw new NexusError('forbidden', 'Please sign in on the page of the console itself.');
        const { login, email, next, id } = readSignInForm(body);
        try {
          if (login === undefined)
            throw new NexusError('invalid_input', 'Please give an email and a password.');
          const secure = isSecure(request);
          const former = consoleCookie(request, secure);
          const signedIn = await service.signIn(login, clientOf(request, addressOf), former, id);
          if (signedIn.setup !== undefined) {
            set.status = 403;
            return signInPage({ next, email, setup: { ...signedIn.setup, form: id } });
          }
          const { cookie: value, recoveryCodes: codes } = signedIn;
          set.headers['set-cookie'] = consoleCookieHeader({
            value,
            maxAgeSeconds: signedInSeconds,
            isSecure: secure,
          });
          return codes.length > 0 ? recoveryCodesPage({ next, codes }) : seeOther(set, next);
        } catch (error) {
          const problem = callerErrorOf(nexusErrorOf({ code: 'UNKNOWN', error }));
          set.status = statusOf[problem.code];
          if (set.status >= 500) throw error;
          Object.assign(set.headers, retryHeaders(set.status, problem.retryAfterMs));
          return signInPage({ next, email, problem: problem.message });
        }
      },
      { ...hidden, ...formBody },
    )
    .get(
      `${consoleSignInPath}/console.css`,
      ({ set }) => {
        set.headers['content-type'] = styleSheet.type;
        return styleSheet.read();
      },
      hidden,
    );
}

function signedInRoutes(deps: ConsoleDeps) {
  const { service, streams, security, admission, addressOf, noteActivity, isSecure } = deps;
  const assets = consoleAssets();
  const actOf = ({ userId }: { userId: string }, request: Request) =>
    ({ outcome: 'done', userId, address: addressOf(request) }) as const;
  return signedInPages('console-pages', { admission, noteActivity })
    .get(
      '/admin',
      async ({ request }) => {
        const { notice, ...shown } = queryOf(request);
        return consolePage(await service.figures(shownRuns(shown)), nameIn(notices, notice));
      },
      hidden,
    )
    .get(
      '/admin/movies',
      async ({ request, set }) => {
        const { q } = queryOf(request);
        const asked = typeof q === 'string' ? q.trim() : '';
        const id = TmdbIdText.safeParse(asked);
        if (id.success) return seeOther(set, `/admin/movies/${id.data}`);
        const words = asked.isWellFormed() ? asked.replaceAll('\0', ' ') : '';
        return foundMoviesPage(words, words === '' ? [] : await service.findMovies(words));
      },
      hidden,
    )
    .get(
      '/admin/movies/:tmdb_id',
      async ({ params: { tmdb_id: tmdbId }, request }) => {
        const { notice } = queryOf(request);
        const said = nameIn(notices, notice);
        return moviePage({
          tmdbId,
          report: await service.movie(tmdbId),
          notice: said && notices[said].sentence,
        });
      },
      { ...hidden, params: MovieReportParams },
    )
    .post(
      '/admin/movies/:tmdb_id/fetch',
      async ({ params: { tmdb_id: tmdbId }, viewer, request, set }) => {
        const notice = await service.fetchMovie(tmdbId);
        if (notice === 'fetching')
          security.record({ event: 'movie_fetch', ...actOf(viewer, request), detail: String(tmdbId) });
        return seeOther(set, `/admin/movies/${tmdbId}?notice=${notice}`);
      },
      { ...hidden, params: MovieReportParams },
    )
    .get(
      '/admin/events',
      ({ request, server, viewer }) => {
        server?.timeout(request, 0);
        return streams.open({
          request,
          userId: viewer.userId,
          isAllowed: () => admission.stillAdmits(request),
        });
      },
      hidden,
    )
    .get(
      '/admin/assets/:name',
      ({ params, set }) => {
        const asset = assets.get(params.name);
        if (asset === undefined) throw new NexusError('route_not_found', 'There is nothing at this address.');
        set.headers['content-type'] = asset.type;
        return asset.read();
      },
      hidden,
    )
    .post(
      '/admin/sync/:job',
      async ({ params, viewer, request, set }) => {
        const notice = await service.runNow(params.job, viewer.userId);
        if (notice === 'requested')
          security.record({ event: 'sync_request', ...actOf(viewer, request), detail: params.job });
        return seeOther(set, `/admin?notice=${notice}`);
      },
      hidden,
    )
    .post(
      '/admin/failures/:id/replay',
      async ({ params, viewer, request, set }) => {
        const notice = await service.replay(params.id, viewer.userId);
        if (notice === 'replayed')
          security.record({ event: 'failure_replay', ...actOf(viewer, request), detail: params.id });
        return seeOther(set, `/admin?notice=${notice}`);
      },
      { ...hidden, params: FailureParams },
    )
    .get('/admin/sign-out', () => signOutPage(), hidden)
    .post(
      '/admin/sign-out',
      async ({ viewer, request, set }) => {
        await service.signOut(viewer, { address: addressOf(request) });
        forgetConsole({ request, set }, isSecure);
        return seeOther(set, consoleSignInPath);
      },
      hidden,
    );
}

/** What cannot be read is as if it was not asked for: this is a page, and somebody looks at it. */
function shownRuns(query: Record<string, unknown>): ShownRuns {
  const given = Object.fromEntries(Object.entries(query).filter(([, value]) => value !== ''));
  const read = (name: string) => RunsQuery.safeParse({ limit: '1', [name]: given[name] }).data;
  return { job: read('job')?.job, status: read('status')?.status, page: read('page')?.page ?? 1 };
}
