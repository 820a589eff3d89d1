import { z } from 'zod';
import { isJsonObject } from '#shared/is-json-object.ts';
import { TmdbId } from '#shared/jobs/catalog.ts';
import type { ReferenceName } from '#shared/reference/reference-document.ts';
import { parseDocument } from '#worker/tmdb/wire/parse-answer.ts';

type IsGood = (row: unknown) => boolean;

/** How the entries of a document are kept, whether each is good, and the document without those that are not. */
interface Shape {
  schema: z.ZodType;
  entriesOf: (document: never) => unknown[];
  keep: (document: never, isGood: IsGood) => unknown;
  isGood: IsGood;
}

/** In characters of JSON: far above all that was ever seen. */
const longestRow = 50_000;

const isShort = (row: unknown) => JSON.stringify(row).length <= longestRow;
const isText = (value: unknown) => typeof value === 'string' && value !== '';
const hasText =
  (key: string): IsGood =>
  (row) =>
    isJsonObject(row) && isText(row[key]);
const isProvider: IsGood = (row) =>
  isJsonObject(row) && TmdbId.safeParse(row.provider_id).success && isText(row.provider_name);
const isSetting: IsGood = (value) => isText(value) || (Array.isArray(value) && value.every(isText));

const listOf = (isGood: IsGood): Shape => ({
  schema: z.array(z.unknown()),
  entriesOf: (document: unknown[]) => document,
  keep: (document: unknown[], good) => document.filter(good),
  isGood,
});

const resultsOf = (isGood: IsGood): Shape => ({
  schema: z.object({ results: z.array(z.unknown()) }),
  entriesOf: ({ results }: { results: unknown[] }) => results,
  keep: (document: { results: unknown[] }, good) => ({ ...document, results: document.results.filter(good) }),
  isGood,
});

/** Of an object that the document holds, each key's value is an entry. */
const entriesIn = <Key extends string>(key: Key, isGood: IsGood): Shape => ({
  schema: z.object({ [key]: z.record(z.string(), z.unknown()) }),
  entriesOf: (document: Record<Key, object>) => Object.values(document[key]),
  keep: (document: Record<Key, object>, good) => ({
    ...document,
    [key]: Object.fromEntries(Object.entries(document[key]).filter(([, value]) => good(value))),
  }),
  isGood,
});

const shapes: Record<ReferenceName, Shape> = {
  configuration: entriesIn('images', isSetting),
  'configuration/countries': listOf(hasText('iso_3166_1')),
  'configuration/jobs': listOf(hasText('department')),
  'configuration/languages': listOf(hasText('iso_639_1')),
  'configuration/primary_translations': listOf(isText),
  'configuration/timezones': listOf(hasText('iso_3166_1')),
  'certification/movie/list': entriesIn(
    'certifications',
    (rows) => Array.isArray(rows) && rows.every(hasText('certification')),
  ),
  'watch/providers/movie': resultsOf(isProvider),
  'watch/providers/regions': resultsOf(hasText('iso_3166_1')),
};

interface ReadDocument {
  /** As it was sent, but without the entries that nobody could use. */
  document: unknown;
  /** How many entries it has; a much shorter one is not believed. */
  size: number;
  lost: number;
}

/** @throws {NexusError} `upstream_malformed` for what is no such document at all */
export function readDocument(name: ReferenceName, document: unknown): ReadDocument {
  const { schema, entriesOf, keep, isGood } = shapes[name];
  parseDocument(schema, document);
  const entries = entriesOf(document as never);
  const good = entries.filter((entry) => isGood(entry) && isShort(entry)).length;
  const lost = entries.length - good;
  const kept = lost === 0 ? document : keep(document as never, (entry) => isGood(entry) && isShort(entry));
  return { document: kept, size: good, lost };
}
