import { z } from 'zod';
import { securityEventNames, securityOutcomes } from '#shared/security/security-event.ts';
import { describeSchema } from '../http/contract/describe-schema.ts';
import { exampleTime, exampleUserId } from '../http/contract/example-values.ts';
import { cursorQuery } from '../http/input/page-query.ts';

const oneOf = (names: readonly string[]) => `must be one of ${names.join(', ')}`;

export const EventsQuery = cursorQuery({
  event: z.enum(securityEventNames, oneOf(securityEventNames)).optional(),
  outcome: z.enum(securityOutcomes, oneOf(securityOutcomes)).optional(),
  user_id: z
    .string()
    .regex(/^[\w-]{1,64}$/, 'must be an id as the log has it')
    .optional()
    .meta({ description: 'Who did it, or whose account it was done to.' }),
  address_key: z
    .string()
    .regex(/^[\w-]{1,64}$/, 'must be a key as the log has it')
    .optional(),
});
export type EventsQuery = z.infer<typeof EventsQuery>;

export const SecurityEvent = z.object({
  id: z.string(),
  at: z.iso.datetime(),
  event: z.enum(securityEventNames),
  outcome: z.enum(securityOutcomes),
  user_id: z.string().nullable().meta({
    description: 'Who did it, as far as that is known. Of a deleted account it is a keyed hash.',
  }),
  subject_id: z.string().nullable().meta({ description: 'Whose account it was done to.' }),
  address_key: z.string().nullable().meta({
    description: 'A keyed hash of the address: the same address has the same one.',
  }),
  detail: z.string().nullable(),
});
export type SecurityEvent = z.infer<typeof SecurityEvent>;
describeSchema(SecurityEvent, {
  name: 'SecurityEvent',
  example: {
    id: '4711',
    at: exampleTime,
    event: 'login',
    outcome: 'refused',
    user_id: exampleUserId,
    subject_id: null,
    address_key: 'pX3vKq0o1bQm4n7t2c9d5w',
    detail: 'invalid_credentials',
  },
});
