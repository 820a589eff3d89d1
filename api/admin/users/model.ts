import { z } from 'zod';
import { isPlainText } from '#shared/credentials.ts';
import { roles } from '#shared/users/user.ts';
import { describeSchema } from '../../http/contract/describe-schema.ts';
import { exampleTime, exampleUserId } from '../../http/contract/example-values.ts';
import { bodyObject } from '../../http/input/body-object.ts';
import { cursorQuery } from '../../http/input/page-query.ts';

export const userStatuses = ['active', 'locked'] as const;
const oneOf = (names: readonly string[]) => `must be one of ${names.join(', ')}`;

export const UsersQuery = cursorQuery({
  query: z
    .string('must be text')
    .trim()
    .max(254, 'must have at most 254 characters')
    .refine(isPlainText, 'must not contain NUL or broken characters')
    .optional()
    .meta({ description: 'A part of the name or the email, or the whole id.' }),
  role: z.enum(roles, oneOf(roles)).optional(),
  status: z.enum(userStatuses, oneOf(userStatuses)).optional(),
});
export type UsersQuery = z.infer<typeof UsersQuery>;

export const UserParams = z.object({ id: z.guid('must be a UUID') });

export const UserChange = bodyObject({
  role: z.enum(roles, oneOf(roles)).optional(),
  locked: z.boolean('must be true or false').optional(),
});
export type UserChange = z.output<typeof UserChange>;
describeSchema(UserChange, { example: { locked: true } });

/** An account as administrators see it. */
export const AdminUser = z.object({
  id: z.uuid(),
  name: z.string(),
  email: z.string(),
  role: z.enum(roles),
  created_at: z.iso.datetime(),
  locked_at: z.iso.datetime().nullable(),
  totp: z.boolean().meta({ description: 'Whether the account has a second factor.' }),
  sessions: z.int().min(0).meta({ description: 'How many are open.' }),
  last_seen_at: z.iso
    .datetime()
    .nullable()
    .meta({ description: 'The last sign-in or refresh of an open session.' }),
});
export type AdminUser = z.infer<typeof AdminUser>;
describeSchema(AdminUser, {
  name: 'AdminUser',
  example: {
    id: exampleUserId,
    name: 'Ada',
    email: 'ada@example.org',
    role: 'user',
    created_at: exampleTime,
    locked_at: null,
    totp: false,
    sessions: 2,
    last_seen_at: exampleTime,
  },
});

export const ResetLink = z.object({
  token: z.string(),
  url: z.string().meta({ description: 'Only the path, where `PUBLIC_URL` is not set.' }),
  expires_at: z.iso.datetime(),
});
describeSchema(ResetLink, {
  name: 'ResetLink',
  example: {
    token: 'bGluay10aGF0LXdvcmtzLW9uY2U',
    url: 'https://nexus.example.org/reset-password?token=bGluay10aGF0LXdvcmtzLW9uY2U',
    expires_at: exampleTime,
  },
});
export type ResetLink = z.infer<typeof ResetLink>;
