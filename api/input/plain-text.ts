import { z } from 'zod';

const message = 'must be text without NUL and without broken characters';

/** Any text that the database can hold. */
export const plainText = z
  .string(message)
  .refine((text) => text.isWellFormed() && !text.includes('\0'), message);
