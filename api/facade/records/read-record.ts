import type { Pool } from 'pg';
import { type Fragment, prepared, sql, unknownList } from '#shared/db/sql.ts';
import { unpackPartBytes } from '#shared/movies/stored-parts.ts';
import type { RecordKind } from '#shared/records/record.ts';
import type { RecordFetches } from '../../records/record-fetches.ts';
import { isStale, type RecordRow, recordColumns, recordOf, standingOf } from '../../records/record-row.ts';
import { byKey, gatherReads } from '../../store/gather-reads.ts';
import { selectByTurn } from '../../store/select-by-turn.ts';
import { TmdbFailure } from '../wire/tmdb-failure.ts';

interface Asked {
  id: number;
  parts: readonly string[];
}

interface Row extends RecordRow {
  part: string | null;
  body: Uint8Array | null;
}

export interface ReadRecord {
  /** The stored parts that were asked for, by name: JSON as UTF-8. */
  parts: ReadonlyMap<string, Buffer>;
  fetchedAtMs: number;
}

/**
 * Reads a person, a collection or a company; what is not mirrored is fetched, and waited for.
 * @throws {TmdbFailure} 34 for what TMDb does not have; 9 for what is not here in time
 */
export type RecordReader = (asked: Asked, addressOf: () => string) => Promise<ReadRecord>;

interface RecordReaderDeps {
  kind: RecordKind;
  pool: Pool;
  fetches: RecordFetches;
  waitMs: number;
  now: () => number;
}

const retryAfterMs = 2000;

export function createRecordReader({ kind, pool, fetches, waitMs, now }: RecordReaderDeps): RecordReader {
  const rowsOf = (asked: Fragment): Fragment => sql`
    ${recordColumns({ id: 'null', fetchedAt: 'null::timestamptz' })}, p.part, p.body
    ${recordOf(kind, asked)}
    left join record_parts p on r.state = 'detailed' and p.kind = r.kind and p.id = r.id
      and p.part = any(asked.parts)`;
  const one = prepared<Asked, Row>(
    `api-facade-${kind}`,
    ({ id, parts }) => sql`select ${rowsOf(sql`(select ${id}::int as id, ${parts}::text[] as parts) asked`)}`,
  );
  /** `turn` is which of them a row is of, from 1. */
  const several = prepared<{ ids: number[]; parts: string[] }, Row & { turn: number }>(
    `api-facade-several-${kind}`,
    ({ ids, parts }) => sql`
      select asked.turn, ${rowsOf(sql`(
        select id, string_to_array(parts, ',') as parts, turn::int
        from unnest(${unknownList(ids, 'int')}, ${unknownList(parts, 'text')})
          with ordinality as list(id, parts, turn)
      ) asked`)}`,
  );
  const select = gatherReads({
    ...byKey,
    readAll: (asked: readonly Asked[]) =>
      selectByTurn(pool, asked, {
        one,
        several: (all) =>
          several({ ids: all.map(({ id }) => id), parts: all.map(({ parts }) => parts.join()) }),
      }),
  });
  const fromStore = async (asked: Asked): Promise<ReadRecord | undefined> => {
    const rows = await select(asked);
    const [first] = rows;
    if (first === undefined) throw new Error(`a ${kind} without a row`);
    const standing = standingOf(first, now());
    if (standing === 'gone' || standing === 'absent') throw new TmdbFailure(34);
    const { fetched_at_ms: fetchedAtMs, changed } = first;
    if (standing === 'missing' || fetchedAtMs === null) return undefined;
    if (isStale({ fetchedAtMs, changed }, now())) fetches.refreshes.ask(asked.id);
    const parts = rows.flatMap(({ part, body }) =>
      part === null || body === null ? [] : [[part, unpackPartBytes(body)] as const],
    );
    return { parts: new Map(parts), fetchedAtMs };
  };
  return async (asked, addressOf) => {
    const found = await fromStore(asked);
    if (found !== undefined) return found;
    const { away, retryAfterMs: awayMs } = await fetches.upstream.read();
    if (away) throw new TmdbFailure(9, { retryAfterMs: awayMs ?? retryAfterMs });
    const outcome = await fetches.onDemand.fetch(asked.id, addressOf(), waitMs);
    // Whoever waits looks into the table all the while.
    const fetched = outcome === 'late' ? undefined : await fromStore(asked);
    if (fetched === undefined) throw new TmdbFailure(9, { retryAfterMs });
    return fetched;
  };
}
