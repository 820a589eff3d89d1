import { Elysia, status } from 'elysia';
import type { Admission } from '../http/callers/admission.ts';
import { done, success } from '../http/contract/answer.ts';
import { describeRoute } from '../http/contract/describe-route.ts';
import { invalidInput, perSmallBody, unknownParameter } from '../http/contract/failures.ts';
import { smallBody } from '../http/input/body-rule.ts';
import { anybody, signedIn } from '../http/plugins/guards.ts';
import { strictQuery } from '../http/plugins/query.ts';
import { clientOf } from './client-of.ts';
import { forgetSession } from './forget-session.ts';
import type { ForgottenPasswords } from './forgotten-passwords.ts';
import { Forgot, Login, Refresh, Registration, Requested, Reset, SignedIn, TokenPair } from './model.ts';
import type { PasswordResets } from './password-resets.ts';
import { isFromOwnPage, refreshCookie, refreshCookieHeader } from './refresh-cookie.ts';
import { type RefreshDeps, refreshTokens } from './refresh-tokens.ts';
import type { AuthService, TokenPair as Pair } from './service.ts';
import { type SessionRoutesDeps, sessionRoutes } from './session-routes.ts';
import { type TotpRoutesDeps, totpRoutes } from './totp-routes.ts';

interface AuthRoutesDeps extends RefreshDeps, SessionRoutesDeps, TotpRoutesDeps {
  auth: AuthService;
  resets: PasswordResets;
  forgotten: ForgottenPasswords;
  admission: Admission;
}

export function authRoutes(deps: AuthRoutesDeps) {
  return new Elysia({ name: 'auth' })
    .use(openRoutes(deps))
    .use(resetRoutes(deps))
    .use(logoutRoute(deps))
    .use(sessionRoutes(deps))
    .use(totpRoutes(deps));
}

/** Answers that contain tokens must not be cached. */
const neverStored = 'no-store';
const invalidEmail = invalidInput('email', 'must be an email address');
const always = [429, 500, 503] as const;

function openRoutes(deps: AuthRoutesDeps) {
  const { auth, admission, addressOf, isSecure, corsOrigins } = deps;
  /** A browser keeps one session: the one that its cookie held before ends. */
  const endFormer = async (request: Request, wantsCookie: boolean) => {
    const former = refreshCookie(request, isSecure(request));
    if (wantsCookie && former !== undefined && isFromOwnPage(request, corsOrigins))
      await auth.endFormer(former);
  };
  /** Moves the refresh token from the answer to a cookie, where that is wanted. */
  const placed = <Answer extends Pair>(answer: Answer, wantsCookie: boolean, { request, set }: Exchange) => {
    if (!wantsCookie) return answer;
    set.headers['set-cookie'] = refreshCookieHeader(answer.refresh_token ?? undefined, isSecure(request));
    return { ...answer, refresh_token: null };
  };
  return new Elysia({ name: 'auth-open' })
    .use(anybody(admission))
    .use(strictQuery())
    .onBeforeHandle(({ set }) => {
      set.headers['cache-control'] = neverStored;
    })
    .post(
      '/api/auth/register',
      async ({ body: { cookie, ...registration }, request, set }) => {
        const answer = await auth.register(registration, clientOf(request, addressOf));
        await endFormer(request, cookie);
        return status(201, success(placed(answer, cookie, { request, set })));
      },
      {
        ...describeRoute({
          body: Registration,
          tag: 'Accounts',
          summary: 'Create an account and sign in',
          data: SignedIn,
          success: 201,
          failures: [{ code: 'email_taken' }, invalidEmail, ...perSmallBody, ...always],
        }),
      },
    )
    .post(
      '/api/auth/login',
      async ({ body: { cookie, ...login }, request, set }) => {
        const answer = await auth.login(login, clientOf(request, addressOf));
        await endFormer(request, cookie);
        return success(placed(answer, cookie, { request, set }));
      },
      {
        ...describeRoute({
          body: Login,
          tag: 'Accounts',
          summary: 'Sign in',
          description: 'An unknown email and a wrong password get the same answer, after the same time.',
          data: SignedIn,
          failures: [
            { code: 'invalid_credentials' },
            { code: 'totp_required' },
            { code: 'forbidden', message: 'This account is locked. Please ask an administrator.' },
            invalidEmail,
            ...perSmallBody,
            ...always,
          ],
        }),
      },
    )
    .post(
      '/api/auth/refresh',
      async ({ body, request, set }) => {
        const { pair, isFromCookie } = await refreshTokens(deps, request, body);
        return success(placed(pair, isFromCookie, { request, set }));
      },
      {
        ...describeRoute({
          // A schema on the route would say that the body must be there.
          ownBody: { schema: Refresh, required: false },
          tag: 'Accounts',
          summary: 'Exchange the refresh token for a new pair of tokens',
          description:
            'A refresh token works once. If it is used again, somebody may have copied it, so the whole session ends. Within 10 seconds of its first use it may be used up to three times in all: two tabs, or an answer that was lost. Without a body the token in the cookie is used.',
          data: TokenPair,
          failures: [
            {
              code: 'unauthenticated',
              message: 'The refresh token is invalid, expired or already used.',
            },
            { code: 'forbidden', message: 'The cookie works only from pages of this service.' },
            invalidInput('refresh_token', 'must not be empty'),
            ...perSmallBody,
            ...always,
          ],
        }),
      },
    );
}

interface Exchange {
  request: Request;
  set: { headers: Record<string, string | number | undefined> };
}

function resetRoutes({ resets, forgotten, security, admission, addressOf }: AuthRoutesDeps) {
  return new Elysia({ name: 'auth-reset' })
    .use(anybody(admission))
    .use(strictQuery())
    .onBeforeHandle(({ set }) => {
      set.headers['cache-control'] = neverStored;
    })
    .post(
      '/api/auth/forgot',
      async ({ body: { email }, request }) => {
        await forgotten.request(email, addressOf(request));
        return status(202, success<{ requested: true }>({ requested: true }));
      },
      {
        ...describeRoute({
          body: Forgot,
          tag: 'Accounts',
          summary: 'Ask for a link to set a new password',
          description:
            'The answer is always the same, after the same time. If somebody has this email and the service can send mail, they get a link.',
          data: Requested,
          success: 202,
          failures: [invalidEmail, ...perSmallBody, 429, 500],
        }),
      },
    )
    .post(
      '/api/auth/reset',
      async ({ body, request, set }) => {
        const address = addressOf(request);
        const userId = await resets.use(body, address);
        security.record({ event: 'password_reset', outcome: 'done', userId, address });
        return done({ set });
      },
      {
        ...describeRoute({
          body: Reset,
          tag: 'Accounts',
          summary: 'Set a new password with the token of a link',
          description: 'The token works once, within an hour. All sessions of the account end.',
          failures: [
            { code: 'invalid_credentials', message: 'The link is invalid, was used before, or has expired.' },
            invalidInput('password', 'must have 8 to 128 characters'),
            ...perSmallBody,
            ...always,
          ],
        }),
      },
    );
}

function logoutRoute({ auth, admission, addressOf, isSecure }: AuthRoutesDeps) {
  return new Elysia({ name: 'auth-logout' })
    .use(signedIn(admission))
    .use(strictQuery())
    .post(
      '/api/auth/logout',
      async ({ viewer, request, set }) => {
        await auth.logout(viewer, { address: addressOf(request) });
        set.headers['cache-control'] = neverStored;
        forgetSession({ request, set }, isSecure);
        return done({ set });
      },
      {
        ...smallBody,
        ...describeRoute({
          tag: 'Accounts',
          summary: 'Sign out: end this session',
          // It takes no body, but reads the one it is given.
          failures: [401, unknownParameter, ...perSmallBody, ...always],
        }),
      },
    );
}
