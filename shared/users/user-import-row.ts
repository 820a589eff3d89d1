import { defineEntity, p } from '@mikro-orm/core';
import { UserImport } from './user-import.ts';

/** `skipped`: its user does not want it. */
export const importRowStatuses = ['pending', 'matched', 'ambiguous', 'not_found', 'skipped'] as const;
export type ImportRowStatus = (typeof importRowStatuses)[number];

/** What told which movie a row is. `title`: the mirror's titles; `search`: TMDb's; `user`: its user. */
export const importMatches = ['tmdb_id', 'imdb_id', 'title', 'search', 'user'] as const;
export type ImportMatch = (typeof importMatches)[number];

/** A movie that a row may be, and that was not chosen. */
export interface ImportCandidate {
  tmdb_id: number;
  title: string;
  year: number | null;
}

/** One row of a user's file: what it says, and which movie it turned out to be. */
export const UserImportRow = defineEntity({
  name: 'UserImportRow',
  tableName: 'user_import_rows',
  primaryKeys: ['import', 'line'],
  properties: {
    import: () =>
      p
        .manyToOne(UserImport)
        .joinColumn('import_id')
        .primary()
        .deleteRule('cascade')
        .updateRule('no action')
        .index(false),
    /** Where it begins in the file; the first line is 1. */
    line: p.integer().primary(),
    /**
     * The line of the first row with the same titles, year and ids: mostly the row itself. Such rows are
     * settled together, so that the result does not depend on where an import was interrupted.
     */
    same_as: p.integer(),
    status: p.string().length(16).$type<ImportRowStatus>().default('pending'),
    title: p.text().nullable(),
    original_title: p.text().nullable(),
    year: p.smallint().nullable(),
    /** As the file has them, all in one. */
    directors: p.text().nullable(),
    given_tmdb_id: p.integer().nullable(),
    given_imdb_id: p.string().length(16).nullable(),
    /** Of ten, as it was written: nothing is rounded. */
    rating: p.float().columnType('double precision').nullable(),
    /** Without it the row is older than all that has a day. */
    at: p.datetime().columnType('timestamptz').nullable(),
    /** Where it was rated on another day. */
    rated_at: p.datetime().columnType('timestamptz').nullable(),
    /** No foreign key: rows outlive a mirror that is emptied. */
    tmdb_id: p.integer().nullable(),
    matched_by: p.string().length(16).$type<ImportMatch>().nullable(),
    /** As `storeReason` makes it; in older rows a sentence. */
    reason: p.text().nullable(),
    candidates: p.json<ImportCandidate[]>().nullable(),
  },
  indexes: [
    {
      name: 'user_import_rows_status_index',
      expression: 'create index user_import_rows_status_index on user_import_rows (import_id, status, line)',
    },
    {
      name: 'user_import_rows_same_as_index',
      expression: 'create index user_import_rows_same_as_index on user_import_rows (import_id, same_as)',
    },
  ],
  checks: [
    {
      name: 'user_import_rows_status_check',
      expression: `status in (${importRowStatuses.map((status) => `'${status}'`).join(', ')})`,
    },
  ],
});
