import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { creditId } from './credit-fields.ts';
import type { WireCast, WireCrew, WireMovieBase, WireNamed, WireParts } from './wire.ts';

/** Read in this order; the first file that has an id is the one it is taken from. */
const files = ['movie-details-with-credits.ndjson.gz', 'movies-30k.ndjson.gz'];

type Unsettled<Credit> = Omit<Credit, 'id' | 'credit_id'> & { id: number | null; credit_id?: string | null };

export interface RawMovie extends WireMovieBase {
  _src?: unknown;
  credits?: { cast?: Unsettled<WireCast>[] | null; crew?: Unsettled<WireCrew>[] | null } | null;
  keywords?: { keywords?: WireNamed[] | null } | null;
}

/** A record as it is served. */
export type RealMovie = WireMovieBase & Pick<WireParts, 'credits' | 'keywords'>;

/** The one name of every person and keyword that bears two. */
export interface SettledNames {
  people: Map<number, string>;
  keywords: Map<number, string>;
}

const CHUNK = 1 << 20;

/** Lines end at a line feed and nowhere else: real texts contain U+2028, which node's readline splits at. */
async function* linesOf(path: string): AsyncIterable<string> {
  let rest: Buffer[] = [];
  // Unlike pipe, pipeline hands a missing or damaged file on as an error.
  const unpacked = pipeline(
    createReadStream(path, { highWaterMark: CHUNK }),
    createGunzip({ chunkSize: CHUNK }),
    () => {},
  );
  for await (const chunk of unpacked as AsyncIterable<Buffer>) {
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      yield Buffer.concat([...rest, chunk.subarray(start, end)]).toString();
      rest = [];
      start = end + 1;
    }
    rest.push(chunk.subarray(start));
  }
  const last = Buffer.concat(rest).toString();
  if (last !== '') yield last;
}

export async function* readRaw(folder: string): AsyncIterable<RawMovie> {
  const seen = new Set<number>();
  for (const file of files) {
    for await (const line of linesOf(join(folder, file))) {
      const movie = JSON.parse(line) as RawMovie;
      if (seen.has(movie.id)) continue;
      seen.add(movie.id);
      yield movie;
    }
  }
}

/** Of two names for one id the one that sorts first by code unit stands, whichever record is read first. */
function settleName(
  known: Map<number, string>,
  doubled: Map<number, string>,
  id: number | null,
  name: string,
) {
  if (id === null) return;
  const other = known.get(id);
  if (other === name) return;
  const standing = other === undefined || name < other ? name : other;
  known.set(id, standing);
  if (other !== undefined) doubled.set(id, standing);
}

/** Reads names off the records shown to it; `settled` holds what it has found so far. */
export function createNameReader(): { settled: SettledNames; read(movie: RawMovie): void } {
  const settled: SettledNames = { people: new Map(), keywords: new Map() };
  const people = new Map<number, string>();
  const keywords = new Map<number, string>();
  return {
    settled,
    read(movie) {
      for (const { id, name } of movie.credits?.cast ?? []) settleName(people, settled.people, id, name);
      for (const { id, name } of movie.credits?.crew ?? []) settleName(people, settled.people, id, name);
      for (const { id, name } of movie.keywords?.keywords ?? [])
        settleName(keywords, settled.keywords, id, name);
    },
  };
}

/** Leaves out people without an id; the position in the record, not in what is left, goes into a derived credit id. */
function settleCredits<Credit extends WireCast | WireCrew>(
  list: readonly Unsettled<Credit>[],
  part: 'cast' | 'crew',
  movieId: number,
  names: Map<number, string>,
): Credit[] {
  return list.flatMap((credit, position) => {
    const { id } = credit;
    if (id === null) return [];
    const settled = { ...credit, credit_id: credit.credit_id || creditId(movieId, part, id, position) };
    const name = names.get(id);
    if (name !== undefined) settled.name = name;
    return [settled as unknown as Credit];
  });
}

export function settle({ _src, ...raw }: RawMovie, names: SettledNames): RealMovie {
  const keywords = (raw.keywords?.keywords ?? []).map(({ id, name }) => ({
    id,
    name: names.keywords.get(id) ?? name,
  }));
  return {
    ...raw,
    credits: {
      cast: settleCredits<WireCast>(raw.credits?.cast ?? [], 'cast', raw.id, names.people),
      crew: settleCredits<WireCrew>(raw.credits?.crew ?? [], 'crew', raw.id, names.people),
    },
    keywords: { keywords },
  };
}

/** The real records as the stand-in serves them, one at a time: the same folder always gives the same ones. */
export async function* readRealRecords(folder: string): AsyncIterable<RealMovie> {
  const names = createNameReader();
  for await (const raw of readRaw(folder)) names.read(raw);
  for await (const raw of readRaw(folder)) yield settle(raw, names.settled);
}
