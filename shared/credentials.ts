import { z } from 'zod';
import { weaknessOf } from './weak-password.ts';

/** What PostgreSQL and everybody's JSON can hold: no NUL, no half of a surrogate pair. */
export const isPlainText = (text: string): boolean => !text.includes('\0') && text.isWellFormed();

const characters = (text: string) => [...text].length;

/**
 * Text of `min` to `max` characters, counted as people count them: one emoji is one. What else is asked of it is asked
 * only of text of that length: a megabyte is looked at no further.
 */
export function textOf(min: number, max: number) {
  const message = `must have ${min} to ${max} characters`;
  return z
    .string('must be text')
    .refine(isPlainText, { error: 'must not contain NUL or broken characters', abort: true })
    .refine(
      // One character has at most two code units: what is longer need not be counted.
      (text) => text.length <= max * 2 && characters(text) >= min && characters(text) <= max,
      { error: message, abort: true },
    )
    .meta({ minLength: min, maxLength: max });
}

/** ASCII, trimmed, in lower case: as it is stored and compared. */
export const Email = z
  .string('must be an email address')
  .trim()
  .max(254, 'must have at most 254 characters')
  // Before the lower-casing, which turns some characters of other scripts into ASCII.
  .regex(/^[\x21-\x7e]*$/, 'must be an email address in ASCII characters')
  .toLowerCase()
  .pipe(z.email('must be an email address'))
  .meta({ format: 'email' });

/** For a new password. Whether it is like its owner's email is for whoever knows that: see `weaknessOf`. */
export const Password = textOf(8, 128)
  .superRefine((password, context) => {
    const weakness = weaknessOf(password);
    if (weakness !== undefined) context.addIssue({ code: 'custom', message: weakness });
  })
  .meta({ minLength: 8, maxLength: 128 });

/** What nobody sees, also where Unicode counts it among the letters or the signs. */
const invisible = /[\p{White_Space}\p{C}\p{M}\p{Default_Ignorable_Code_Point}\u2800]/gu;
/** What ends a line, and what a terminal that shows it would do. */
const controlling = /[\p{Cc}\u2028\u2029]/u;
/** What makes text run the other way, and so shows another name than it is. */
const turning = /[\u202a-\u202e\u2066-\u2069]/;

export const Name = z
  .string('must be text')
  .trim()
  .pipe(
    textOf(1, 255)
      .refine((name) => name.replace(invisible, '') !== '', 'must have a character that can be seen')
      .refine((name) => !controlling.test(name), 'must not contain control characters')
      .refine((name) => !turning.test(name), 'must not contain characters that change the direction of text'),
  )
  // Said again: a description of what is sent stops at the pipe.
  .meta({ minLength: 1, maxLength: 255 });

export interface AdminCredentials {
  /** As the `Email` schema leaves it. */
  email: string;
  password: string;
}
