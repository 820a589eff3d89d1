import { z } from 'zod';
import { NexusError } from '#shared/errors.ts';
import { describeSchema } from '../http/contract/describe-schema.ts';
import { bodyObject } from '../http/input/body-object.ts';

export const SyncHeaders = z.object({
  'idempotency-key': z
    .string()
    .regex(/^[\x21-\x7e]{1,255}$/, 'must have 1 to 255 visible ASCII characters')
    .optional()
    .meta({ description: 'A repetition by the same admin within 24 h gives the same run.' }),
});

export const SyncOptions = bodyObject({
  force: z
    .boolean('must be true or false')
    .default(false)
    .meta({ description: 'Lifts a limit of the job: a purge may take more, a list may be that short.' }),
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
