import { runStatement } from '#shared/db/run-statement.ts';
import { sql } from '#shared/db/sql.ts';
import type { MoviePartName } from '#shared/movies/movie-parts.ts';
import { packPart } from '#shared/movies/stored-parts.ts';
import { carryBytes, placeTypes } from '#worker/store/carry-bytes.ts';
import { copyStatement } from '#worker/store/copy-rows.ts';
import { recordset } from '#worker/store/recordset.ts';
import { makeAhead } from '#worker/store/run-in-turn.ts';
import { runRepeated } from '#worker/store/run-repeated.ts';
import type { Sql } from '#worker/store/write-transaction.ts';
import type { AnsweredMovie, AnsweredParts } from '../tmdb/wire/mirrored-movie.ts';
import type { MovieIds } from './replace-children.ts';

/** What an answer's parts come to. */
export interface PartHashes {
  /** Of all of them; null where one could not be read. */
  parts_hash: string | null;
  part_hashes: ReadonlyMap<MoviePartName, string>;
}

export function partHashesOf({ texts, lost }: AnsweredParts): PartHashes {
  const part_hashes = new Map([...texts].map(([part, text]) => [part, hashOf(text)]));
  return { parts_hash: lost.length > 0 ? null : hashOf(JSON.stringify([...part_hashes])), part_hashes };
}

/** Parts that are packed already, by movie. */
export type PackedParts = ReadonlyMap<number, ReadonlyMap<MoviePartName, Uint8Array>>;

/** Those of new movies: of others, most are stored already. */
export async function packAhead(movies: readonly AnsweredMovie[]): Promise<PackedParts> {
  const packed = await makeAhead(movies, async ({ tmdb_id, parts }) => {
    const bodies = Array.from(parts.texts, async ([part, text]) => [part, await packPart(text)] as const);
    return [tmdb_id, new Map(await Promise.all(bodies))] as const;
  });
  return new Map(packed);
}

interface PartText {
  movie_id: string;
  part: MoviePartName;
  hash: string;
  text: string;
  packed: Uint8Array | undefined;
}

/**
 * Takes over the parts of answers, four statements at most. A part that is stored already is not written again: its
 * age is that of its movie. One that became empty goes; one that could not be read stays as it is.
 */
export async function saveParts(
  on: Sql,
  movies: readonly (AnsweredMovie & PartHashes)[],
  { ids, packed, isNew }: { ids: MovieIds; packed: PackedParts; isNew: boolean },
): Promise<void> {
  if (movies.length === 0) return;
  const movieIds = movies.map(({ tmdb_id }) => ids.get(tmdb_id) ?? '');
  const stored: StoredParts = isNew ? new Map() : await readStored(on, movieIds);
  const added: PartText[] = [];
  const changed: PartText[] = [];
  const vanished: { movie_id: string; part: string }[] = [];
  for (const { tmdb_id, parts, part_hashes } of movies) {
    const movie_id = ids.get(tmdb_id) ?? '';
    const known = stored.get(movie_id) ?? new Map<MoviePartName, string | null>();
    for (const [part, text] of parts.texts) {
      const hash = part_hashes.get(part) ?? '';
      if (known.get(part) === hash) continue;
      const written = { movie_id, part, hash, text, packed: packed.get(tmdb_id)?.get(part) };
      (known.has(part) ? changed : added).push(written);
    }
    const stays = (part: MoviePartName) => parts.texts.has(part) || parts.lost.some((lost) => lost === part);
    for (const part of known.keys()) if (!stays(part)) vanished.push({ movie_id, part });
  }
  if (vanished.length > 0) await deleteParts(on, vanished);
  if (added.length > 0) await insertParts(on, added);
  if (changed.length > 0) await updateParts(on, changed);
}

type StoredParts = ReadonlyMap<string, ReadonlyMap<MoviePartName, string | null>>;

/** The hashes of what is stored, by movie and part; null where it is older than its movie, and so has to be written. */
async function readStored(on: Sql, movieIds: string[]): Promise<StoredParts> {
  const rows = await runRepeated(
    on,
    sql<{ movie_id: string; part: MoviePartName; hash: string | null }>`
    select movie_id, part, case when fetched_at is null then hash end as hash
    from movie_parts where movie_id = any(${movieIds}::bigint[])`,
  );
  const stored = new Map<string, Map<MoviePartName, string | null>>();
  for (const { movie_id, part, hash } of rows) {
    const parts = stored.get(movie_id) ?? new Map<MoviePartName, string | null>();
    stored.set(movie_id, parts.set(part, hash));
  }
  return stored;
}

/** As PostgreSQL's bigint has it. */
const hashOf = (text: string): string => BigInt.asIntN(64, Bun.hash.xxHash64(text)).toString();

async function deleteParts(on: Sql, parts: readonly { movie_id: string; part: string }[]): Promise<void> {
  await runRepeated(
    on,
    sql`
    delete from movie_parts p using json_to_recordset(${JSON.stringify(parts)}::json) as i(movie_id bigint, part text)
    where p.movie_id = i.movie_id and p.part = i.part`,
  );
}

// Not one upsert: for rows that are known to be new it takes a third longer. The movies are locked, so nobody else writes.
const insertParts = async (on: Sql, parts: readonly PartText[]) => {
  const bodies = await packed(parts);
  const rows = parts.map(({ movie_id, part, hash }, index) => ({
    movie_id,
    part,
    hash,
    body: bodies[index],
  }));
  const types = { movie_id: 'bigint', part: 'text', hash: 'bigint', body: 'bytea' } as const;
  await runStatement(on, copyStatement('movie_parts', rows, types));
};

async function updateParts(on: Sql, parts: readonly PartText[]) {
  const { places, body } = carryBytes(await packed(parts));
  const rows = parts.map(({ movie_id, part, hash }, index) => ({ movie_id, part, hash, ...places[index] }));
  const types = { movie_id: 'bigint', part: 'text', hash: 'bigint', ...placeTypes };
  await runRepeated(
    on,
    sql`
    update movie_parts p set hash = i.hash, body = ${body}, fetched_at = null
    from ${recordset(rows, types)} where p.movie_id = i.movie_id and p.part = i.part`,
  );
}

const packed = (parts: readonly PartText[]): Promise<Uint8Array[]> =>
  Promise.all(parts.map((part) => part.packed ?? packPart(part.text)));
