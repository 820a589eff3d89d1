import type { ReferenceName } from '#shared/reference/reference-document.ts';
import type { JobContext } from '#worker/runner/handler.ts';
import { acceptList } from '#worker/store/accept-list.ts';
import { notify, writeTransaction } from '#worker/store/write-transaction.ts';
import { readDocument } from './read-document.ts';
import { saveDocument } from './save-document.ts';

/** Takes over one document, unless it is empty, much shorter than before, or of another shape. */
export async function syncDocument(
  name: ReferenceName,
  { em, tmdb, signal, now, counts, losses }: JobContext,
  force: boolean | undefined,
): Promise<void> {
  const { document, size, lost } = readDocument(name, await tmdb.document(name, { signal }));
  if (lost > 0) losses.row(name, null, lost);
  const changed = await writeTransaction(em, async (on) => {
    await acceptList(on, name, size, { now: now(), force });
    await notify(on, { kind: 'list', name });
    return saveDocument(on, name, document, now());
  });
  counts.seen += 1;
  counts[changed ? 'updated' : 'unchanged'] += 1;
}
