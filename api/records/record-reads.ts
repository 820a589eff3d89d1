import type { RecordKind } from '#shared/records/record.ts';
import { type AnswerRecord, createAnswerRecord } from './answer-record.ts';
import { createRecordFetches, type RecordDeps } from './record-fetches.ts';

/** How one kind of thing is read: from the mirror, else fetched on demand within the same bounds as movies. */
export function createRecordReads(kind: RecordKind, deps: RecordDeps): AnswerRecord {
  const { hub, now } = deps;
  const fetches = createRecordFetches(kind, deps, (id) => drop(id));
  const { answer, drop } = createAnswerRecord({ kind, hub, now, ...fetches });
  return answer;
}
