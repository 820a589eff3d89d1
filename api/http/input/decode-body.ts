import { NexusError } from '#shared/errors.ts';
import { yieldToOthers } from './in-slices.ts';

const saveAsUtf8 =
  'The body is not valid UTF-8. Save the file as “CSV UTF-8”, or say which characters it has, for example with “Content-Type: text/csv; charset=windows-1252”.';

/** Some characters take 15 ms a megabyte: others are served after each slice. */
const sliceBytes = 128 * 1024;

/**
 * The text of a body in the characters that its `Content-Type` names, else in UTF-8, or UTF-16 where it begins with the
 * mark of that. A long one is decoded in slices, so that nobody waits for it.
 * @param pieces as they came
 * @throws {NexusError} `malformed_body`, `unsupported_media_type` for characters that nobody knows
 */
export async function decodeBody(pieces: readonly Uint8Array[], contentType: string | null): Promise<string> {
  const named = charsetOf(contentType);
  const decoder = decoderOf(named ?? markedAs(firstBytes(pieces)));
  const texts: string[] = [];
  let sinceOthers = 0;
  try {
    for (const slice of slicesOf(pieces)) {
      texts.push(decoder.decode(slice, { stream: true }));
      sinceOthers += slice.length;
      if (sinceOthers < sliceBytes) continue;
      await yieldToOthers();
      sinceOthers = 0;
    }
    texts.push(decoder.decode());
  } catch (error) {
    const message = decoder.encoding === 'utf-8' ? saveAsUtf8 : `The body is not valid ${named}.`;
    throw new NexusError('malformed_body', message, { cause: error });
  }
  const text = texts.join('');
  // A copy of all of it: what is done with it begins in another slice.
  if (text.length > sliceBytes) await yieldToOthers();
  return text;
}

function* slicesOf(pieces: readonly Uint8Array[]): Generator<Uint8Array> {
  for (const piece of pieces)
    for (let at = 0; at < piece.length; at += sliceBytes) yield piece.subarray(at, at + sliceBytes);
}

/** Pieces may be as short as a byte. */
const firstBytes = (pieces: readonly Uint8Array[]): number[] =>
  pieces.slice(0, 2).flatMap((piece) => [...piece.subarray(0, 2)]);

/** The characters that a `Content-Type` names. */
const charsetOf = (contentType: string | null): string | undefined =>
  /;\s*charset\s*=\s*"?([^\s";]+)"?/i.exec(contentType ?? '')?.[1];

/** Whether a `Content-Type` names other characters than UTF-8, which holds ASCII. */
export const isOtherThanUtf8 = (contentType: string | null): boolean =>
  !/^(utf-?8|us-ascii)$/i.test(charsetOf(contentType) ?? 'utf-8');

function markedAs([first, second]: readonly number[]): string {
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
