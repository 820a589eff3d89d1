import { z } from 'zod';
import type { ReferenceName } from '#shared/reference/reference-document.ts';
import type { JobContext } from '#worker/runner/handler.ts';
import { acceptList } from '#worker/store/accept-list.ts';
import { notify, writeTransaction } from '#worker/store/write-transaction.ts';
import { parseDocument } from '#worker/tmdb/wire/parse-answer.ts';
import { saveDocument } from './save-document.ts';

/** A document's shape, and its entries: a much shorter one is not believed. */
interface Shape {
  schema: z.ZodType;
  size: (document: never) => number;
}

const rows = z.array(z.record(z.string(), z.unknown()));
const list: Shape = { schema: rows, size: (document: unknown[]) => document.length };
const results: Shape = {
  schema: z.object({ results: rows }),
  size: (document: { results: unknown[] }) => document.results.length,
};

const shapes: Record<ReferenceName, Shape> = {
  configuration: {
    schema: z.object({ images: z.record(z.string(), z.unknown()) }),
    size: (document: { images: object }) => Object.keys(document.images).length,
  },
  'configuration/countries': list,
  'configuration/jobs': list,
  'configuration/languages': list,
  'configuration/primary_translations': { ...list, schema: z.array(z.string()) },
  'configuration/timezones': list,
  'certification/movie/list': {
    schema: z.object({ certifications: z.record(z.string(), rows) }),
    size: (document: { certifications: object }) => Object.keys(document.certifications).length,
  },
  'watch/providers/movie': results,
  'watch/providers/regions': results,
};

/** Takes over one document, unless it is empty, much shorter than before, or of another shape. */
export async function syncDocument(
  name: ReferenceName,
  { em, tmdb, signal, now, counts }: JobContext,
  force: boolean | undefined,
): Promise<void> {
  const document = await tmdb.document(name, { signal });
  const { schema, size } = shapes[name];
  parseDocument(schema, document);
  const changed = await writeTransaction(em, async (on) => {
    await acceptList(on, name, size(document as never), { now: now(), force });
    await notify(on, { kind: 'list', name });
    return saveDocument(on, name, document, now());
  });
  counts.seen += 1;
  counts[changed ? 'updated' : 'unchanged'] += 1;
}
