import { NexusError } from '#shared/errors.ts';

/** Far deeper than any body of ours. */
const maxDepth = 16;

/**
 * Parses the JSON of a body. What nests deeper or holds more than any body of ours is refused before it is parsed,
 * because parsing and checking it would hold up everybody else.
 * @throws {NexusError} `malformed_body`, `invalid_input`
 */
export function parseJson(bytes: Uint8Array, maxValues: number): unknown {
  const text = decodeText(bytes);
  const { depth, values } = measureJson(bytes, maxValues);
  if (depth > maxDepth)
    throw new NexusError('malformed_body', `The body may be nested at most ${maxDepth} levels deep.`);
  if (values > maxValues) throw tooManyValues(maxValues);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new NexusError('malformed_body', 'The body is not valid JSON.', { cause: error });
  }
}

/** @throws {NexusError} `malformed_body` */
export function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new NexusError('malformed_body', 'The body is not valid UTF-8.', { cause: error });
  }
}

const tooManyValues = (maxValues: number) =>
  new NexusError('invalid_input', 'Some of the input is not valid.', {
    details: [{ path: 'body', message: `may hold at most ${maxValues.toLocaleString('en-US')} values` }],
  });

const [quote, backslash, comma, openList, closeList, openObject, closeObject] = Buffer.from('"\\,[]{}');

/**
 * How deep JSON nests and how many values it holds at most, from its bytes alone. It stops as soon as either is too
 * much. Of text that is no JSON the figures mean nothing: the parser refuses it.
 */
function measureJson(bytes: Uint8Array, maxValues: number): { depth: number; values: number } {
  let depth = 0;
  let deepest = 0;
  let values = 1;
  let inString = false;
  for (let at = 0; at < bytes.length && deepest <= maxDepth && values <= maxValues; at++) {
    const byte = bytes[at];
    if (inString) {
      if (byte === backslash) at++;
      else if (byte === quote) inString = false;
    } else if (byte === quote) inString = true;
    else if (byte === comma) values++;
    else if (byte === openList || byte === openObject) {
      values++;
      depth++;
      if (depth > deepest) deepest = depth;
    } else if (byte === closeList || byte === closeObject) depth--;
  }
  return { depth: deepest, values };
}
