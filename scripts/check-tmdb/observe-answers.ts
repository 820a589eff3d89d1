import { constants, gunzipSync } from 'node:zlib';
import type { Fetch } from '#worker/tmdb/http.ts';
import { isGzip, readBody } from '#worker/tmdb/read-body.ts';

const maxAnswerBytes = 16 * 1024 * 1024;
/** As much of the export is kept as holds a few hundred lines, packed or not. */
const maxExportBytes = 64 * 1024;

export interface ObservedAnswer {
  status: number;
  /** `undefined`: the body was no JSON. */
  json: unknown;
}

export interface Observer {
  /** To be used by the client: what it receives is seen here first. */
  fetch: Fetch;
  /** The last answer since this was called before. */
  takeAnswer(): ObservedAnswer | undefined;
  /** The first whole lines of the export. */
  exportedLines(most: number): string[];
}

/** Sees what TMDb really sent: the client itself forgives what it can, and says nothing of it. */
export function observeAnswers(exportBaseUrl: string): Observer {
  let last: ObservedAnswer | undefined;
  const chunks: Uint8Array[] = [];
  return {
    async fetch(url, init) {
      const response = await globalThis.fetch(url, init);
      if (url.startsWith(`${exportBaseUrl}/`)) return withCopy(response, chunks);
      const bytes = await readBody(response, maxAnswerBytes);
      last = { status: response.status, json: jsonOf(bytes) };
      const { status, headers } = response;
      return new Response(bytes.byteLength === 0 ? null : Buffer.from(bytes), { status, headers });
    },
    takeAnswer() {
      const answer = last;
      last = undefined;
      return answer;
    },
    exportedLines(most) {
      // The last line may be cut.
      const lines = unpackedStart(Buffer.concat(chunks)).split('\n').slice(0, -1);
      return lines.filter((line) => line.trim() !== '').slice(0, most);
    },
  };
}

/** Passes a long body on at the reader's pace, and keeps the beginning of it. */
function withCopy(response: Response, chunks: Uint8Array[]): Response {
  let kept = 0;
  const copy = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      const part = chunk.subarray(0, maxExportBytes - kept);
      if (part.byteLength > 0) chunks.push(part.slice());
      kept += part.byteLength;
      controller.enqueue(chunk);
    },
  });
  const { status, headers } = response;
  return new Response(response.body?.pipeThrough(copy) ?? null, { status, headers });
}

/** As far as it can be read: the client says what is wrong with a broken file. */
function unpackedStart(bytes: Buffer): string {
  if (!isGzip(bytes)) return bytes.toString();
  try {
    return gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH }).toString();
  } catch {
    return '';
  }
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}
