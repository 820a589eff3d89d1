import { z } from 'zod';
import { callerErrorCodes } from '#shared/errors.ts';
import { describeSchema } from './describe-schema.ts';

/** How every route fails. */
export const Failure = z.object({
  status: z.literal('error'),
  message: z.string(),
  code: z.enum(callerErrorCodes),
  request_id: z.string(),
  details: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});
describeSchema(Failure, {
  name: 'Failure',
  example: {
    status: 'error',
    message: 'Something went wrong on our side. It has been noted.',
    code: 'internal_error',
    request_id: '7d9c1f20-1k',
  },
});

/** Not here yet, but on its way. */
export const Pending = z.object({
  status: z.literal('pending'),
  message: z.string(),
  code: z.literal('fetch_pending'),
  retry_after: z.int(),
});
describeSchema(Pending, {
  name: 'Pending',
  example: {
    status: 'pending',
    message: 'This movie is being fetched from TMDb. Please ask again in a moment.',
    code: 'fetch_pending',
    retry_after: 2,
  },
});
