import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { NexusError } from '#shared/errors.ts';
import { noteMovement } from '#shared/movement.ts';
import type { ExportedId } from '#worker/tmdb/wire/mirrored-movie.ts';
import { type Fetch, fetchInit } from './http.ts';
import { IdleTimeout } from './idle-timeout.ts';
import { isGzip } from './read-body.ts';
import type { RequestCounter } from './request-stats.ts';
import { textLines } from './text-lines.ts';
import { stoppedError, upstreamError } from './upstream/upstream-error.ts';
import type { Losses } from './wire/losses.ts';
import { parseExportedId } from './wire/parse-answer.ts';

export interface ExportDependencies {
  exportBaseUrl: string;
  counter: RequestCounter;
  fetch: Fetch;
  /** How long the stream may stand still. The download as a whole has no time limit. */
  idleMs: number;
  losses?: Losses | undefined;
}

/** A line of the export has some 120 bytes. */
const maxLineLength = 65_536;

/**
 * The ids of one day's export, as they come in: bounded memory, at the reader's pace.
 * @throws {NexusError} at the end of what came, if that was not all: `export_incomplete`; `upstream_not_found`
 */
export async function* exportedIds(
  date: string,
  signal: AbortSignal,
  deps: ExportDependencies,
): AsyncGenerator<ExportedId> {
  if (signal.aborted) throw stoppedError();
  using idle = new IdleTimeout({ signal, idleMs: deps.idleMs });
  const response = await openExport(date, idle, deps);
  let lines = 0;
  for await (const line of textLines(unpacked(response, idle), maxLineLength, () =>
    incomplete('a line is too long'),
  )) {
    lines += 1;
    const id = parseLine(line, lines, deps.losses);
    if (id !== undefined) yield id;
  }
  if (lines === 0) throw incomplete('it was empty');
}

/** `2026-11-22` → `movie_ids_11_22_2026.json.gz` */
export function exportFileName(date: string): string {
  const [year, month, day] = date.split('-');
  return `movie_ids_${month}_${day}_${year}.json.gz`;
}

async function openExport(date: string, idle: IdleTimeout, deps: ExportDependencies): Promise<Response> {
  const endpoint = '/movie_ids_{date}.json.gz';
  const url = `${deps.exportBaseUrl}/${exportFileName(date)}`;
  // No credential: the files are public, and served by another host.
  const response = await idle
    .wait(() => deps.fetch(url, fetchInit({}, idle.signal)))
    .catch((error: unknown) => {
      deps.counter.count(endpoint, 'failed');
      throw error;
    });
  deps.counter.count(endpoint, response.status);
  if (response.status === 200) return response;
  const what = `HTTP ${response.status} for the export of ${date}`;
  // The file store answers 403 for a file that it does not have (yet, or any more).
  const absent = response.status === 403 || response.status === 404;
  throw upstreamError(absent ? 'upstream_not_found' : 'upstream_unavailable', { what });
}

async function* unpacked(response: Response, idle: IdleTimeout): AsyncGenerator<Uint8Array> {
  const packed = received(response, idle);
  let head: Uint8Array = new Uint8Array();
  // Two bytes tell gzip from text, and may come one by one.
  while (head.byteLength < 2) {
    const next = await packed.next();
    if (next.done) break;
    head = Buffer.concat([head, next.value]);
  }
  const all = startingWith(head, packed);
  yield* isGzip(head) ? gunzipped(all) : all;
}

async function* gunzipped(packed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip({ chunkSize: 65_536 });
  pipeline(Readable.from(packed), gunzip, () => {});
  try {
    for await (const chunk of gunzip) yield chunk;
  } catch (error) {
    throw error instanceof NexusError ? error : incomplete('its gzip stream is broken or cut');
  }
}

async function* received(response: Response, idle: IdleTimeout): AsyncGenerator<Uint8Array> {
  if (response.body === null) return;
  const reader = response.body.getReader();
  for (;;) {
    const { done, value } = await idle.wait(() => reader.read());
    if (done) return;
    noteMovement();
    if (value.byteLength > 0) yield value;
  }
}

async function* startingWith<T>(first: T, rest: AsyncIterable<T>): AsyncGenerator<T> {
  yield first;
  yield* rest;
}

/** A line that is no JSON object was cut, or is no export; an object without a usable id is just left out. */
function parseLine(line: string, number: number, losses: Losses | undefined): ExportedId | undefined {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    throw incomplete(`line ${number} is not JSON`);
  }
  if (typeof json !== 'object' || json === null) throw incomplete(`line ${number} is not an object`);
  return parseExportedId(json, losses);
}

function incomplete(what: string): NexusError {
  return new NexusError('export_incomplete', "TMDb's list of ids was incomplete.", {
    cause: new Error(what),
  });
}
