import { z } from 'zod';
import { isPlainText } from '#shared/credentials.ts';

const message = 'must be text without NUL or broken characters';

/** Any text that the database can hold. */
export const plainText = z.string(message).refine(isPlainText, message);
