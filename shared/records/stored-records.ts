import { type Runner, runStatement } from '../db/run-statement.ts';
import { prepared, raw, sql } from '../db/sql.ts';
import { purgeAfterMs } from '../movies/freshness.ts';
import { unpackPart } from '../movies/stored-parts.ts';
import type { RecordKind } from './record.ts';

/** What TMDb is asked for along with the details of each kind. */
export const recordParts = {
  person: ['movie_credits', 'combined_credits', 'images', 'external_ids', 'translations'],
  collection: ['images', 'translations'],
  company: ['images', 'alternative_names'],
} as const satisfies Record<RecordKind, readonly string[]>;

/** `details` is the answer itself, without what was appended. */
export type RecordPartName<Kind extends RecordKind = RecordKind> =
  | 'details'
  | (typeof recordParts)[Kind][number];

const partsStatement = prepared<
  { kind: RecordKind; id: number; parts: readonly string[] },
  { fetched_at_ms: number; part: string; body: Uint8Array }
>(
  'record-parts',
  ({ kind, id, parts }) => sql`
    select ${raw('(extract(epoch from r.fetched_at) * 1000)::float8')} as fetched_at_ms, p.part, p.body
    from records r join record_parts p on p.kind = r.kind and p.id = r.id and p.part = any(${parts}::text[])
    where r.kind = ${kind} and r.id = ${id} and r.state = 'detailed'
      and r.fetched_at > now() - ${purgeAfterMs} * interval '1 millisecond'`,
);

/**
 * Parts of a person, a collection or a company as TMDb sent them, as JSON texts, by one statement.
 * @returns `undefined` where the mirror has none: never asked for, gone, or too old to be shown
 */
export async function readRecordParts<Kind extends RecordKind, Name extends RecordPartName<Kind>>(
  on: Runner,
  { kind, id, parts }: { kind: Kind; id: number; parts: readonly Name[] },
  options?: { timeoutMs?: number },
): Promise<{ texts: Record<Name, string>; fetchedAtMs: number } | undefined> {
  const rows = await runStatement(on, partsStatement({ kind, id, parts }), options);
  const [first] = rows;
  if (first === undefined) return undefined;
  const texts = Object.fromEntries(rows.map(({ part, body }) => [part, unpackPart(body)]));
  return { texts: texts as Record<Name, string>, fetchedAtMs: first.fetched_at_ms };
}
