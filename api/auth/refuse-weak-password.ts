import { NexusError } from '#shared/errors.ts';
import { weaknessOf } from '#shared/weak-password.ts';

/** Whether a password is like its owner's email is known only here. @throws {NexusError} `invalid_input` */
export function refuseWeakPassword(path: string, password: string, email: string): void {
  const weakness = weaknessOf(password, email);
  if (weakness === undefined) return;
  const details = [{ path, message: weakness }];
  throw new NexusError('invalid_input', 'Some of the input is not valid.', { details });
}
