import { z } from 'zod';
import { Email, isPlainText, Name, Password } from '#shared/credentials.ts';
import { roles } from '#shared/users/user.ts';
import { weaknessOf } from '#shared/weak-password.ts';
import { describeSchema, exampleOf } from '../http/contract/describe-schema.ts';
import { exampleTime, exampleUserId } from '../http/contract/example-values.ts';
import { bodyObject } from '../http/input/body-object.ts';

const message = 'must be a date (YYYY-MM-DD) from 1900 until today';

export const DateOfBirth = z.iso
  .date(message)
  .refine((date) => date >= '1900-01-01' && Date.parse(date) <= Date.now(), message);

export const Registration = bodyObject({
  name: Name,
  email: Email,
  password: Password,
  date_of_birth: DateOfBirth.nullish().transform((date) => date ?? undefined),
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

/** Whatever could be somebody's, from former rules too; what is longer would only burn time. */
export const CurrentPassword = z
  .string('must be text')
  .min(1, 'must not be empty')
  .max(256, 'is too long')
  .refine(isPlainText, 'must not contain NUL or broken characters');

export const Login = bodyObject({ email: Email, password: CurrentPassword });
describeSchema(Login, {
  example: { email: 'ada@example.org', password: 'correct horse' },
});
export type Login = z.output<typeof Login>;

export const Refresh = bodyObject({
  refresh_token: z.string('must be text').min(1, 'must not be empty').max(512, 'is too long'),
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
  refresh_token: z.string().meta({ description: 'Works once.' }),
});
describeSchema(TokenPair, {
  name: 'TokenPair',
  example: {
    access_token: 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIwMWEyIn0.c2lnbmF0dXJl',
    token_type: 'Bearer',
    expires_in: 900,
    refresh_token: exampleOf(Refresh).refresh_token,
  },
});

export const SignedIn = z.object({ user: Account, ...TokenPair.shape });
describeSchema(SignedIn, {
  name: 'SignedIn',
  example: { user: exampleOf(Account), ...exampleOf(TokenPair) },
});
