import { type Runner, runStatement } from '#shared/db/run-statement.ts';
import { prepared, raw, sql } from '#shared/db/sql.ts';
import { purgeAfterMs } from './freshness.ts';
import { localizeDetails } from './localize-details.ts';
import { emptyParts, type MoviePartName } from './movie-parts.ts';

/** Shorter texts gain nothing. */
const minPackedLength = 256;
/** Smaller than gzip in a quarter of its time. Level 3 makes a hundredth less of it, and takes 1.4 times as long. */
const level = 1;

/** Packed in a tenth of a millisecond, and handing it to another thread costs as much again. */
const maxAtOnceLength = 32_768;

const encoder = new TextEncoder();
/** A character of a text takes three bytes at most. To make room for each text anew takes a quarter of all packing. */
const room = new Uint8Array(3 * maxAtOnceLength);

/** A part's text as it is stored: packed with zstd where that makes it smaller, else as it is. */
export async function packPart(text: string): Promise<Uint8Array> {
  if (text.length > maxAtOnceLength) {
    const plain = Buffer.from(text);
    return smaller(plain, await Bun.zstdCompress(plain, { level }));
  }
  const plain = room.subarray(0, encoder.encodeInto(text, room).written);
  if (plain.length < minPackedLength) return plain.slice();
  const packed = smaller(plain, Bun.zstdCompressSync(plain, { level }));
  return packed === plain ? plain.slice() : packed;
}

const smaller = (plain: Uint8Array, packed: Uint8Array): Uint8Array =>
  packed.length < plain.length ? packed : plain;

/** The text again. */
export const unpackPart = (body: Uint8Array): string => unpackPartBytes(body).toString();

/** The same as UTF-8: what is only passed on need not be made a text and packed again. */
export function unpackPartBytes(body: Uint8Array): Buffer {
  // A JSON text never begins as a zstd frame does.
  return isPacked(body)
    ? Bun.zstdDecompressSync(body)
    : Buffer.from(body.buffer, body.byteOffset, body.byteLength);
}

const isPacked = (body: Uint8Array) =>
  body[0] === 0x28 && body[1] === 0xb5 && body[2] === 0x2f && body[3] === 0xfd;

export interface PartRow {
  /** The movie's, in epoch milliseconds. */
  fetched_at_ms: number;
  /** `null`: none of the parts asked for has a row. */
  part: MoviePartName | null;
  body: Uint8Array | null;
  part_fetched_at_ms: number | null;
}

export interface ReadPart {
  /** JSON text as TMDb sent it: under its own name it is a member of an appended answer. */
  text: string;
  fetchedAtMs: number;
}

export type ReadParts<Name extends MoviePartName = MoviePartName> = Record<Name, ReadPart>;

const epochMs = (column: string) => raw(`(extract(epoch from ${column}) * 1000)::float8`);

/** The stored parts of a movie that is detailed and not too old; no row where it is not, or has no parts yet. */
export const moviePartsStatement = prepared<{ tmdbId: number; parts: readonly MoviePartName[] }, PartRow>(
  'movie-parts',
  ({ tmdbId, parts }) => sql`
    select ${epochMs('m.fetched_at')} as fetched_at_ms, p.part, p.body,
      ${epochMs('p.fetched_at')} as part_fetched_at_ms
    from movies m left join movie_parts p on p.movie_id = m.id and p.part = any(${parts}::text[])
    where m.tmdb_id = ${tmdbId} and m.state = 'detailed' and m.parts_version is not null
      and m.fetched_at > now() - ${purgeAfterMs} * interval '1 millisecond'`,
);

/** The parts asked for from the rows of the statement; `undefined` where the mirror has none of the movie. */
export function partsFromRows<Name extends MoviePartName>(
  rows: readonly PartRow[],
  parts: readonly Name[],
): ReadParts<Name> | undefined {
  const [first] = rows;
  if (first === undefined) return undefined;
  const stored = new Map(rows.map((row) => [row.part, row]));
  const read = parts.map((part) => {
    const { body = null, part_fetched_at_ms: olderMs = null } = stored.get(part) ?? {};
    const text = body === null ? emptyTextOf(part) : unpackPart(body);
    return [part, { text, fetchedAtMs: olderMs ?? first.fetched_at_ms }] as const;
  });
  return Object.fromEntries(read) as ReadParts<Name>;
}

const emptyTextOf = (part: MoviePartName): string => (part === 'details' ? '{}' : emptyParts[part]);

/**
 * Parts of a movie by one statement, empty ones as TMDb sends them.
 * @returns `undefined` where the mirror has no parts of it: unknown, only listed, gone, purged, or not refreshed since
 *   parts are kept
 */
export async function readMovieParts<Name extends MoviePartName>(
  on: Runner,
  tmdbId: number,
  parts: readonly Name[],
  options?: { timeoutMs?: number },
): Promise<ReadParts<Name> | undefined> {
  return partsFromRows(await runStatement(on, moviePartsStatement({ tmdbId, parts }), options), parts);
}

/**
 * The details of a movie in a language, as TMDb gives them (`localize-details.ts`), by one statement.
 * @returns `undefined` where `readMovieParts` has none
 */
export async function readLocalizedDetails(
  on: Runner,
  tmdbId: number,
  { timeoutMs, ...options }: Parameters<typeof localizeDetails>[1] & { timeoutMs?: number },
): Promise<Record<string, unknown> | undefined> {
  const limit = timeoutMs === undefined ? {} : { timeoutMs };
  const read = await readMovieParts(on, tmdbId, ['details', 'translations', 'images'], limit);
  if (read === undefined) return undefined;
  const parsed = (part: keyof typeof read): Record<string, unknown> => JSON.parse(read[part].text);
  const parts = {
    details: parsed('details'),
    translations: parsed('translations'),
    images: parsed('images'),
  };
  return localizeDetails(parts, options);
}
