import { z } from 'zod';
import { Email, isPlainText, Name, Password } from '#shared/credentials.ts';
import { sessionKinds } from '#shared/users/session.ts';
import { roles } from '#shared/users/user.ts';
import { weaknessOf } from '#shared/weak-password.ts';
import { describeSchema, exampleOf } from '../http/contract/describe-schema.ts';
import { exampleTime, exampleUserId } from '../http/contract/example-values.ts';
import { bodyObject } from '../http/input/body-object.ts';

const message = 'must be a date (YYYY-MM-DD) from 1900 until today';

export const DateOfBirth = z.iso
  .date(message)
  .refine((date) => date >= '1900-01-01' && Date.parse(date) <= Date.now(), message);

const keepsCookie = z.boolean('must be true or false').default(false).meta({
  description:
    'Keep the refresh token in a cookie that no script can read, instead of in the answer. For pages of this service, or of an origin in CORS_ORIGINS on the same site.',
});

export const Registration = bodyObject({
  name: Name,
  email: Email,
  password: Password,
  date_of_birth: DateOfBirth.nullish().transform((date) => date ?? undefined),
  cookie: keepsCookie,
}).superRefine(({ email, password }, context) => {
  const weakness = weaknessOf(password, email);
  if (weakness !== undefined) context.addIssue({ code: 'custom', path: ['password'], message: weakness });
});
describeSchema(Registration, {
  example: {
    name: 'Ada',
    email: 'ada@example.org',
    password: 'correct horse',
    date_of_birth: '1990-12-10',
  },
});
export type Registration = z.output<typeof Registration>;

const notPlain = 'must not contain NUL or broken characters';

/** Any password that an account may have, also from older rules. Longer ones would only waste time. */
export const CurrentPassword = z
  .string('must be text')
  .min(1, 'must not be empty')
  .max(256, 'is too long')
  .refine(isPlainText, notPlain);

/** Of an authenticator app, or a recovery code. */
export const TotpCode = z
  .string('must be a code')
  .regex(/^[\w -]{1,40}$/, 'must be a code')
  .meta({ description: 'A code of your authenticator app, or a recovery code.' });

export const Login = bodyObject({
  email: Email,
  password: CurrentPassword,
  code: TotpCode.optional(),
  cookie: keepsCookie,
});
describeSchema(Login, {
  example: { email: 'ada@example.org', password: 'correct horse' },
});
export type Login = z.output<typeof Login>;

const Secret = z
  .string('must be text')
  .min(1, 'must not be empty')
  .max(512, 'is too long')
  .refine(isPlainText, notPlain);

export const Refresh = bodyObject({
  refresh_token: Secret.optional().meta({ description: 'Without it, the one in the cookie is used.' }),
});
describeSchema(Refresh, {
  example: { refresh_token: 'nR0b3V0LWEtcmVhbC1vbmU' },
});

/** An account as its owner sees it. */
export const Account = z.object({
  id: z.uuid(),
  name: z.string(),
  email: z.string(),
  date_of_birth: z.iso.date().nullable(),
  role: z.enum(roles),
  created_at: z.iso.datetime(),
});
describeSchema(Account, {
  name: 'Account',
  example: {
    id: exampleUserId,
    name: 'Ada',
    email: 'ada@example.org',
    date_of_birth: '1990-12-10',
    role: 'user',
    created_at: exampleTime,
  },
});

export const TokenPair = z.object({
  access_token: z.string(),
  token_type: z.literal('Bearer'),
  expires_in: z.int().meta({ description: 'In seconds.' }),
  refresh_token: z.string().nullable().meta({ description: 'Works once. `null` where a cookie keeps it.' }),
});
describeSchema(TokenPair, {
  name: 'TokenPair',
  example: {
    access_token: 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIwMWEyIn0.c2lnbmF0dXJl',
    token_type: 'Bearer',
    expires_in: 900,
    refresh_token: exampleOf(Refresh).refresh_token ?? null,
  },
});

export const SignedIn = z.object({ user: Account, ...TokenPair.shape });
describeSchema(SignedIn, {
  name: 'SignedIn',
  example: { user: exampleOf(Account), ...exampleOf(TokenPair) },
});

export const Session = z.object({
  id: z.uuid(),
  kind: z.enum(sessionKinds).meta({ description: '`console`: signed in to the pages of administrators.' }),
  device: z.string().nullable().meta({ description: 'Browser and system, as the browser says.' }),
  network: z.string().nullable().meta({ description: 'The network of the address, not all of it.' }),
  created_at: z.iso.datetime(),
  refreshed_at: z.iso.datetime(),
  expires_at: z.iso.datetime().meta({ description: 'Moves on with each refresh, at most to 90 days.' }),
  current: z.boolean().meta({ description: 'Whether it is the session of this token.' }),
});
describeSchema(Session, {
  name: 'Session',
  example: {
    id: exampleUserId,
    kind: 'api',
    device: 'Firefox on Linux',
    network: '203.0.113.0/24',
    created_at: exampleTime,
    refreshed_at: exampleTime,
    expires_at: exampleTime,
    current: true,
  },
});

export const SessionParams = z.object({ id: z.guid('must be a UUID') });

export const Forgot = bodyObject({ email: Email });
describeSchema(Forgot, { example: { email: 'ada@example.org' } });

export const Requested = z.object({ requested: z.literal(true) });
describeSchema(Requested, { name: 'Requested', example: { requested: true } });

export const Reset = bodyObject({ token: Secret, password: Password });
describeSchema(Reset, {
  example: { token: 'bGluay10aGF0LXdvcmtzLW9uY2U', password: 'another correct horse' },
});
export type Reset = z.output<typeof Reset>;
