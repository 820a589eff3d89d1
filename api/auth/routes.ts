import { Elysia, status } from 'elysia';
import type { Admission } from '../http/callers/admission.ts';
import type { ClientAddress } from '../http/callers/client-address.ts';
import { done, success } from '../http/contract/answer.ts';
import { describeRoute } from '../http/contract/describe-route.ts';
import { invalidInput, perSmallBody, unknownParameter } from '../http/contract/failures.ts';
import { smallBody } from '../http/input/body-rule.ts';
import { anybody, signedIn } from '../http/plugins/guards.ts';
import { strictQuery } from '../http/plugins/query.ts';
import { Login, Refresh, Registration, SignedIn, TokenPair } from './model.ts';
import type { AuthService } from './service.ts';

interface AuthRoutesDeps {
  auth: AuthService;
  admission: Admission;
  addressOf: ClientAddress;
}

export function authRoutes(deps: AuthRoutesDeps) {
  return new Elysia({ name: 'auth' }).use(openRoutes(deps)).use(logoutRoute(deps));
}

/** Answers with tokens in them are nobody's to keep. */
const neverStored = 'no-store';
const invalidEmail = invalidInput('email', 'must be an email address');
const always = [429, 500, 503] as const;

function openRoutes({ auth, admission, addressOf }: AuthRoutesDeps) {
  return new Elysia({ name: 'auth-open' })
    .use(anybody(admission))
    .use(strictQuery())
    .onBeforeHandle(({ set }) => {
      set.headers['cache-control'] = neverStored;
    })
    .post(
      '/api/auth/register',
      async ({ body, request }) => status(201, success(await auth.register(body, addressOf(request)))),
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
      async ({ body, request }) => success(await auth.login(body, addressOf(request))),
      {
        ...describeRoute({
          body: Login,
          tag: 'Accounts',
          summary: 'Sign in',
          description: 'An unknown email and a wrong password get the same answer, after the same time.',
          data: SignedIn,
          failures: [{ code: 'invalid_credentials' }, invalidEmail, ...perSmallBody, ...always],
        }),
      },
    )
    .post('/api/auth/refresh', async ({ body }) => success(await auth.refresh(body.refresh_token)), {
      ...describeRoute({
        body: Refresh,
        tag: 'Accounts',
        summary: 'Exchange the refresh token for a new pair of tokens',
        description:
          'A refresh token works once. If it is used again, somebody may have copied it, so the whole session ends.',
        data: TokenPair,
        failures: [
          {
            code: 'unauthenticated',
            message: 'The refresh token is invalid, expired or already used.',
          },
          invalidInput('refresh_token', 'must not be empty'),
          ...perSmallBody,
          ...always,
        ],
      }),
    });
}

function logoutRoute({ auth, admission }: AuthRoutesDeps) {
  return new Elysia({ name: 'auth-logout' })
    .use(signedIn(admission))
    .use(strictQuery())
    .post(
      '/api/auth/logout',
      async ({ viewer, set }) => {
        await auth.logout(viewer.sessionId);
        set.headers['cache-control'] = neverStored;
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
