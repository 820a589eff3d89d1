import { z } from 'zod';

/** Text as PostgreSQL can hold it: whole characters, and no NUL. */
export const WellFormedText = z
  .string('must be given once, as text')
  .refine((text) => text.isWellFormed() && !text.includes('\0'), 'must not contain NUL or broken characters');
