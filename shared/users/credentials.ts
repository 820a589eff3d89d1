import { z } from 'zod';

const maxEmailLength = 254;
const passwordLength = { min: 8, max: 128 };

/** ASCII, trimmed, in lower case: as it is stored and compared. */
export const Email = z
  .string('must be an email address')
  .trim()
  .max(maxEmailLength, `must have at most ${maxEmailLength} characters`)
  // Before the lower-casing, which turns some characters of other scripts into ASCII.
  .regex(/^[\x21-\x7e]*$/, 'must be an email address in ASCII characters')
  .toLowerCase()
  .pipe(z.email('must be an email address'));

const passwordMessage = `must have ${passwordLength.min} to ${passwordLength.max} characters`;

/** Taken as it is, white space and all. Counted in code points. */
export const Password = z
  .string(passwordMessage)
  .refine(hasPasswordLength, passwordMessage)
  .refine((text) => text.isWellFormed() && !text.includes('\0'), 'must be text')
  .meta({ minLength: passwordLength.min, maxLength: passwordLength.max });

function hasPasswordLength(text: string): boolean {
  // A code point has at most two units: what is far too long need not be counted.
  if (text.length > 2 * passwordLength.max) return false;
  const length = [...text].length;
  return length >= passwordLength.min && length <= passwordLength.max;
}
