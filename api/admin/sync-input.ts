import { z } from 'zod';
import { NexusError } from '#shared/errors.ts';
import { describeSchema } from '../http/contract/describe-schema.ts';
import { bodyObject } from '../http/input/body-object.ts';

export const SyncHeaders = z.object({
  'idempotency-key': z
    .string()
    .regex(/^[\x21-\x7e]{1,255}$/, 'must have 1 to 255 visible ASCII characters')
    .optional()
    .meta({ description: 'The same key from the same administrator within 24 hours returns the same run.' }),
});

export const SyncOptions = bodyObject({
  force: z.boolean('must be true or false').default(false).meta({
    description:
      'Lifts the safety limit of the job for this run: a purge may delete more, a list may be much shorter than before.',
  }),
});

describeSchema(SyncOptions, { example: { force: false } });

/** @throws {NexusError} `invalid_input` */
export function syncOptionsOf(body: unknown): z.infer<typeof SyncOptions> {
  const parsed = SyncOptions.safeParse(body === undefined ? {} : body);
  if (parsed.success) return parsed.data;
  const details = parsed.error.issues.map(({ path, message }) => ({
    path: path.join('.') || 'body',
    message,
  }));
  throw new NexusError('invalid_input', 'Some of the input is not valid.', { details });
}
