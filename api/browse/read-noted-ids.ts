import type { Pool } from 'pg';
import { prepared, sql } from '#shared/db/sql.ts';
import { queryInBinary } from '../store/query-in-binary.ts';

const idsStatement = prepared<{ terms: readonly number[] }, { place: number; ids: Buffer }>(
  'api-ids-of-terms',
  ({ terms }) => sql`
    select place::int as place, ids
    from unnest(${terms}::bigint[]) with ordinality as asked(term, place) join noted_ids using (term)`,
);

/** What the job `terms` has noted of each term (`noted-ids.ts`), as of when it was last done; none of a term that few movies have. */
export async function readNotedIds(
  pool: Pool,
  terms: readonly number[],
): Promise<ReadonlyMap<number, Int32Array>> {
  const asked = [...new Set(terms)];
  const found = asked.length === 0 ? [] : await queryInBinary(pool, idsStatement({ terms: asked }));
  return new Map(found.map(({ place, ids }) => [asked[place - 1] ?? 0, numbersOf(ids)]));
}

/** Of the bytes that PostgreSQL sends: the highest of each number comes first. */
function numbersOf(bytes: Buffer): Int32Array {
  const copy = Buffer.alloc(bytes.length);
  bytes.copy(copy);
  copy.swap32();
  return new Int32Array(copy.buffer, copy.byteOffset, copy.length / 4);
}
