import { runStatement } from '#shared/db/run-statement.ts';
import { sql } from '#shared/db/sql.ts';
import type { MoviePartName } from '#shared/movies/movie-parts.ts';
import { packPart } from '#shared/movies/stored-parts.ts';
import type { Sql } from '#worker/store/write-transaction.ts';
import type { AnsweredMovie } from '../tmdb/wire/mirrored-movie.ts';
import type { MovieIds } from './replace-children.ts';

interface PartText {
  movie_id: string;
  part: MoviePartName;
  hash: string;
  text: string;
}

/**
 * Takes over the parts of answers, three statements at most. A part that is stored already is not written again: its
 * age is that of its movie. One that became empty goes; one that could not be read stays as it is.
 */
export async function saveParts(on: Sql, movies: readonly AnsweredMovie[], ids: MovieIds): Promise<void> {
  const stored = await readStored(on, [...ids.values()]);
  const changed: PartText[] = [];
  const vanished: { movie_id: string; part: string }[] = [];
  for (const { tmdb_id, parts } of movies) {
    const movie_id = ids.get(tmdb_id) ?? '';
    const known = stored.get(movie_id) ?? new Map<MoviePartName, string | null>();
    for (const [part, text] of parts.texts) {
      const hash = hashOf(text);
      if (known.get(part) !== hash) changed.push({ movie_id, part, hash, text });
    }
    const stays = (part: MoviePartName) => parts.texts.has(part) || parts.lost.some((lost) => lost === part);
    for (const part of known.keys()) if (!stays(part)) vanished.push({ movie_id, part });
  }
  if (vanished.length > 0) await deleteParts(on, vanished);
  if (changed.length > 0) await upsertParts(on, changed);
}

/** The hashes of what is stored, by movie and part; null where it is older than its movie, and so has to be written. */
async function readStored(
  on: Sql,
  movieIds: string[],
): Promise<Map<string, Map<MoviePartName, string | null>>> {
  const rows = await runStatement(
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
  await runStatement(
    on,
    sql`
    delete from movie_parts p using json_to_recordset(${JSON.stringify(parts)}::json) as i(movie_id bigint, part text)
    where p.movie_id = i.movie_id and p.part = i.part`,
  );
}

/** All bodies travel as one binary value: as text or in an array they would be twice as long. */
async function upsertParts(on: Sql, parts: readonly PartText[]): Promise<void> {
  const bodies = await Promise.all(parts.map(({ text }) => packPart(text)));
  let start = 1;
  const rows = parts.map(({ movie_id, part, hash }, index) => {
    const size = bodies[index]?.length ?? 0;
    start += size;
    return { movie_id, part, hash, start: start - size, size };
  });
  await runStatement(
    on,
    sql`
    insert into movie_parts (movie_id, part, hash, body)
    select i.movie_id, i.part, i.hash, substring(${Buffer.concat(bodies)}::bytea from i.start for i.size)
    from json_to_recordset(${JSON.stringify(rows)}::json)
      as i(movie_id bigint, part text, hash bigint, start int, size int)
    on conflict (movie_id, part) do update
      set hash = excluded.hash, body = excluded.body, fetched_at = null`,
  );
}
