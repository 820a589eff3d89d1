import { defineEntity, p } from '@mikro-orm/core';
import { User } from './user.ts';

export const importSources = ['letterboxd', 'imdb'] as const;
export type ImportSource = (typeof importSources)[number];

/** What the rows of a file are: each list means other interactions. */
export const importLists = ['watched', 'watchlist', 'ratings', 'likes'] as const;
export type ImportList = (typeof importLists)[number];

export const importStatuses = ['queued', 'running', 'succeeded', 'failed'] as const;
export type ImportStatus = (typeof importStatuses)[number];

const oneOf = (column: string, values: readonly string[]) =>
  `${column} in (${values.map((value) => `'${value}'`).join(', ')})`;

/** A file that somebody brought along. At most one of a user's is live. */
export const UserImport = defineEntity({
  name: 'UserImport',
  tableName: 'user_imports',
  properties: {
    id: p.uuid().primary(),
    user: () =>
      p.manyToOne(User).joinColumn('user_id').deleteRule('cascade').updateRule('no action').index(false),
    source: p.string().length(16).$type<ImportSource>(),
    list: p.string().length(16).$type<ImportList>(),
    /** The columns did not say which list it is, and neither did the caller. */
    list_assumed: p.boolean(),
    status: p.string().length(16).$type<ImportStatus>().default('queued'),
    rows: p.integer(),
    // These six change in the transaction that settles the rows they count.
    matched: p.integer().default(0),
    ambiguous: p.integer().default(0),
    not_found: p.integer().default(0),
    skipped: p.integer().default(0),
    /** Interactions that the import made, */
    added: p.integer().default(0),
    /** and those that it asked for and that were there. */
    unchanged: p.integer().default(0),
    /** Unforeseen failures so far; after a few the import gives up. */
    failures: p.smallint().default(0),
    /** Why, as `storeReason` makes it; in older rows a sentence. */
    error: p.text().nullable(),
    created_at: p.datetime().columnType('timestamptz').defaultRaw('now()'),
    /** When TMDb was last asked for it: among imports that wait, the one that waits longest is next. */
    asked_at: p.datetime().columnType('timestamptz').nullable(),
    finished_at: p.datetime().columnType('timestamptz').nullable(),
  },
  indexes: [
    {
      name: 'user_imports_newest_index',
      expression:
        'create index user_imports_newest_index on user_imports (user_id, created_at desc, id desc)',
    },
    {
      name: 'user_imports_one_live_per_user',
      expression:
        "create unique index user_imports_one_live_per_user on user_imports (user_id) where status in ('queued', 'running')",
    },
  ],
  checks: [
    { name: 'user_imports_source_check', expression: oneOf('source', importSources) },
    { name: 'user_imports_list_check', expression: oneOf('list', importLists) },
    { name: 'user_imports_status_check', expression: oneOf('status', importStatuses) },
  ],
});
