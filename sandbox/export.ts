import { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import type { Catalogue } from './catalogue.ts';
import type { FaultKind } from './faults.ts';

const KEPT_DAYS = 92;
const DAY_MS = 86_400_000;
const CHUNK_CHARS = 128 * 1024;

const exportPath = /^\/p\/exports\/movie_ids_(\d\d)_(\d\d)_(\d{4})\.json\.gz$/;

/** How the files' host refuses what it does not have. */
export function refuseExport(): Response {
  const xml = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>`;
  return new Response(xml, { status: 403, headers: { 'content-type': 'application/xml' } });
}

function isKept(path: string, now: number): boolean {
  const [, month, day, year] = exportPath.exec(path) ?? [];
  const date = Date.UTC(Number(year), Number(month) - 1, Number(day));
  if (Number.isNaN(date) || new Date(date).getUTCDate() !== Number(day)) return false;
  const age = Math.floor(now / DAY_MS) - date / DAY_MS;
  return age >= 0 && age <= KEPT_DAYS;
}

/** Some of the catalogue as lines, gathered into chunks so that a million of them cost few hand-overs. */
function* linesOf(catalogue: Catalogue, fault: FaultKind | undefined): Iterable<string> {
  const share = { 'empty-list': 0, 'short-list': 0.1, truncated: 0.5, 'truncated-gzip': 0.5 };
  const part = fault !== undefined && fault in share ? share[fault as keyof typeof share] : 1;
  const lines = Math.floor(catalogue.size * part);
  let chunk = '';
  for (let position = 0; position < lines; position++) {
    const entry = catalogue.exportEntryAt(position);
    chunk += `${JSON.stringify(fault === 'wrong-shape' ? [entry.original_title] : entry)}\n`;
    if (chunk.length < CHUNK_CHARS) continue;
    yield chunk;
    chunk = '';
  }
  if (fault === 'truncated') chunk += '{"adult":false,"id":1,"original_ti';
  if (chunk !== '') yield chunk;
}

async function* gzipped(lines: Iterable<string>, cut: boolean): AsyncIterable<Uint8Array> {
  const gzip = Readable.from(lines, { objectMode: true, highWaterMark: 2 }).pipe(
    createGzip({ level: 1, chunkSize: 128 * 1024 }),
  );
  let held: Buffer | undefined;
  for await (const chunk of gzip as AsyncIterable<Buffer>) {
    if (held) yield held;
    held = chunk;
  }
  if (held) yield cut ? held.subarray(0, held.length >> 1) : held;
}

/** The daily id export: streamed line by line, so that its size costs time but no memory. */
export function answerExport(catalogue: Catalogue, path: string, now: number, fault?: FaultKind): Response {
  if (!isKept(path, now)) return refuseExport();
  const body = gzipped(linesOf(catalogue, fault), fault === 'truncated-gzip');
  return new Response(body as unknown as ReadableStream, { headers: { 'content-type': 'application/gzip' } });
}
