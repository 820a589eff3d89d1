import { defineEntity, p } from '@mikro-orm/core';
import { type Runner, runStatement } from '../db/run-statement.ts';
import { prepared, raw, sql } from '../db/sql.ts';
import { purgeAfterMs } from '../movies/freshness.ts';
import { unpackPart } from '../movies/stored-parts.ts';

/** What TMDb says about itself: its lists of codes and settings, each named as its path. */
export const referenceNames = [
  'configuration',
  'configuration/countries',
  'configuration/jobs',
  'configuration/languages',
  'configuration/primary_translations',
  'configuration/timezones',
  'certification/movie/list',
  'watch/providers/movie',
  'watch/providers/regions',
] as const;
export type ReferenceName = (typeof referenceNames)[number];

/** TMDb's lists of people: `{ results }`, all pages in one. */
export const peopleLists = ['person/popular', 'trending/person/day', 'trending/person/week'] as const;
export type PeopleList = (typeof peopleLists)[number];

export type DocumentName = ReferenceName | PeopleList | 'movie/latest';

/** Documents that are kept as TMDb sent them, for answers in TMDb's own form. */
export const ReferenceDocument = defineEntity({
  name: 'ReferenceDocument',
  tableName: 'reference_documents',
  properties: {
    name: p.string().length(64).$type<DocumentName>().primary(),
    /** The text as `shared/movies/stored-parts.ts` packs it. */
    body: p.blob(),
    fetched_at: p.datetime().columnType('timestamptz'),
  },
});

const documentStatement = prepared<{ name: DocumentName }, { body: Uint8Array; fetched_at_ms: number }>(
  'reference-document',
  ({ name }) => sql`
    select body, ${raw('(extract(epoch from fetched_at) * 1000)::float8')} as fetched_at_ms
    from reference_documents
    where name = ${name} and fetched_at > now() - ${purgeAfterMs} * interval '1 millisecond'`,
);

/** JSON text as TMDb sent it; `undefined` where the mirror has none, or only one that is too old to be shown. */
export async function readReferenceDocument(
  on: Runner,
  name: DocumentName,
  options?: { timeoutMs?: number },
): Promise<{ text: string; fetchedAtMs: number } | undefined> {
  const [row] = await runStatement(on, documentStatement({ name }), options);
  return row && { text: unpackPart(row.body), fetchedAtMs: row.fetched_at_ms };
}
