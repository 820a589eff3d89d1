import type { z } from 'zod';
import type { ImportReport, ImportSummary } from './model.ts';
import { wordReason } from './word-reason.ts';

type Summary = z.infer<typeof ImportSummary>;
export type ImportRow = z.infer<typeof ImportReport>['rows'][number];

/** A row of `user_imports`; times as the driver or as JSON has them. */
export interface StoredImport extends Omit<Summary, 'counts' | 'created_at' | 'finished_at'> {
  created_at: Date | string;
  finished_at: Date | string | null;
  rows: number;
  matched: number;
  ambiguous: number;
  not_found: number;
  skipped: number;
  added: number;
  unchanged: number;
}

export function presentImport(stored: StoredImport): Summary {
  const { rows, matched, ambiguous, not_found, skipped, added, unchanged } = stored;
  return {
    id: stored.id,
    source: stored.source,
    list: stored.list,
    list_assumed: stored.list_assumed,
    status: stored.status,
    created_at: timestamp(stored.created_at),
    finished_at: stored.finished_at === null ? null : timestamp(stored.finished_at),
    counts: {
      rows,
      matched,
      ambiguous,
      not_found,
      ...(skipped > 0 ? { skipped } : {}),
      pending: rows - matched - ambiguous - not_found - skipped,
      added,
      unchanged,
    },
    error: wordReason(stored.error),
  };
}

export const presentRow = (row: ImportRow): ImportRow => ({
  line: row.line,
  title: row.title,
  year: row.year,
  status: row.status,
  tmdb_id: row.tmdb_id,
  matched_by: row.matched_by,
  reason: wordReason(row.reason),
  candidates: row.candidates.map(({ tmdb_id, title, year }) => ({ tmdb_id, title, year })),
});

const timestamp = (time: Date | string) => new Date(time).toISOString();
