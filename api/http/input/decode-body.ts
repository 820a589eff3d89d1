import { NexusError } from '#shared/errors.ts';

const saveAsUtf8 =
  'The body is not valid UTF-8. Save the file as “CSV UTF-8”, or say which characters it has, for example with “Content-Type: text/csv; charset=windows-1252”.';

/**
 * The text of a body in the characters that its `Content-Type` names, else in UTF-8, or UTF-16 where it begins with the
 * mark of that.
 * @throws {NexusError} `malformed_body`, `unsupported_media_type` for characters that nobody knows
 */
export function decodeBody(bytes: Uint8Array, contentType: string | null): string {
  const named = charsetOf(contentType);
  const decoder = decoderOf(named ?? markedAs(bytes));
  try {
    return decoder.decode(bytes);
  } catch (error) {
    const message = decoder.encoding === 'utf-8' ? saveAsUtf8 : `The body is not valid ${named}.`;
    throw new NexusError('malformed_body', message, { cause: error });
  }
}

/** The characters that a `Content-Type` names. */
const charsetOf = (contentType: string | null): string | undefined =>
  /;\s*charset\s*=\s*"?([^\s";]+)"?/i.exec(contentType ?? '')?.[1];

/** Whether a `Content-Type` names other characters than UTF-8, which holds ASCII. */
export const isOtherThanUtf8 = (contentType: string | null): boolean =>
  !/^(utf-?8|us-ascii)$/i.test(charsetOf(contentType) ?? 'utf-8');

function markedAs([first, second]: Uint8Array): string {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
}

type Label = ConstructorParameters<typeof TextDecoder>[0];

function decoderOf(label: string): TextDecoder {
  try {
    return new TextDecoder(label as Label, { fatal: true });
  } catch (error) {
    throw new NexusError('unsupported_media_type', 'The charset of the body is not known here.', {
      cause: error,
    });
  }
}
