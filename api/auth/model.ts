import { z } from 'zod';
import { Email, isPlainText, Name, Password } from '#shared/users/credentials.ts';
import { roles } from '#shared/users/user.ts';
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
});
export type Registration = z.output<typeof Registration>;

/** Whatever could be somebody's, from former rules too; what is longer would only burn time. */
export const CurrentPassword = z
  .string('must be text')
  .min(1, 'must not be empty')
  .max(256, 'is too long')
  .refine(isPlainText, 'must not contain NUL or broken characters');

export const Login = bodyObject({ email: Email, password: CurrentPassword });
export type Login = z.output<typeof Login>;

export const Refresh = bodyObject({
  refresh_token: z.string('must be text').min(1, 'must not be empty').max(512, 'is too long'),
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

export const TokenPair = z.object({
  access_token: z.string(),
  token_type: z.literal('Bearer'),
  expires_in: z.int().meta({ description: 'In seconds.' }),
  refresh_token: z.string().meta({ description: 'Works once.' }),
});

export const SignedIn = z.object({ user: Account, ...TokenPair.shape });
