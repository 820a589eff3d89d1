import { promisify } from 'node:util';
import { constants, gunzip as gunzipCallback, gunzipSync } from 'node:zlib';
import { upstreamError } from './upstream/upstream-error.ts';

const gunzip = promisify(gunzipCallback);
/** Unpacked in less time than it takes to hand it to another thread. */
const maxAtOnceBytes = 65_536;

/** A gzip stream says so itself: TMDb has sent gzip bodies without `Content-Encoding`. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** The whole body, unpacked, as long as neither its packed nor its unpacked size passes `maxBytes`. */
export async function readBody(response: Response, maxBytes: number): Promise<Uint8Array> {
  const packed = await readBounded(response, maxBytes);
  if (!isGzip(packed)) return packed;
  try {
    const options = { maxOutputLength: maxBytes, finishFlush: constants.Z_FINISH };
    return packed.length <= maxAtOnceBytes ? gunzipSync(packed, options) : await gunzip(packed, options);
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(maxBytes);
    throw upstreamError('upstream_unavailable', { what: 'a gzip body was broken or cut' });
  }
}

async function readBounded(response: Response, maxBytes: number): Promise<Uint8Array> {
  if (response.body === null) return new Uint8Array();
  // No more than was announced arrives, and read at once it costs a tenth of the processor.
  const announced = response.headers.get('content-length');
  if (announced !== null && Number(announced) <= maxBytes) return response.bytes();
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Leaving the loop by an error cancels the stream, and with it the connection.
  for await (const chunk of response.body) {
    size += chunk.byteLength;
    if (size > maxBytes) throw tooLarge(maxBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

function tooLarge(maxBytes: number) {
  return upstreamError('upstream_malformed', { what: `a body was larger than ${maxBytes} bytes` });
}
