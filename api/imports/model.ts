import { z } from 'zod';
import { importLists, importSources, importStatuses } from '#shared/users/user-import.ts';
import { importMatches, importRowStatuses } from '#shared/users/user-import-row.ts';
import { describeSchema, exampleOf } from '../http/contract/describe-schema.ts';
import { exampleTime } from '../http/contract/example-values.ts';
import { bodyObject } from '../http/input/body-object.ts';
import { pagedQuery } from '../http/input/page-query.ts';
import { plainText } from '../http/input/plain-text.ts';
import { queryObject } from '../http/input/query-object.ts';
import { TmdbIdNumber } from '../http/input/tmdb-id-number.ts';
import { MovieListItem } from '../movies/model.ts';

const choice = <T extends readonly [string, ...string[]]>(values: T) =>
  z.enum(values, `must be one of ${values.join(', ')}`);

export const ImportFileQuery = queryObject({
  source: choice(importSources),
  list: choice(importLists).optional(),
});
export type ImportFileQuery = z.infer<typeof ImportFileQuery>;

/** A history as its site exports it. */
export const HistoryFile = z.string();
describeSchema(HistoryFile, {
  example:
    'Date,Name,Year,Letterboxd URI\n2024-05-01,The Lighthouse Keeper’s Daughter,2014,https://boxd.it/xxxx\n',
});

/** Any text is accepted: if it is not the id of an import, the answer is 404. */
export const ImportParams = z.object({ import_id: plainText.meta({ format: 'uuid' }) });

const lineMessage = 'must be a line of the file';

export const ImportRowParams = ImportParams.extend({
  line: z
    .string()
    .regex(/^\d{1,9}$/, lineMessage)
    .transform(Number)
    .pipe(z.int().min(1, lineMessage)),
});

/** Which movie a row is, or that it is to be left out. */
export const RowSettlement = bodyObject({
  tmdb_id: TmdbIdNumber.optional(),
  skip: z.literal(true, 'must be true').optional(),
})
  .superRefine((body, context) => {
    if ((body.tmdb_id === undefined) === (body.skip === undefined))
      context.addIssue({ code: 'custom', path: ['tmdb_id'], message: 'must be given, or else skip' });
  })
  .meta({ oneOf: [{ required: ['tmdb_id'] }, { required: ['skip'] }] });
describeSchema(RowSettlement, { example: { tmdb_id: exampleOf(MovieListItem).tmdb_id } });
export type RowSettlement = z.output<typeof RowSettlement>;

export const ImportRowsQuery = pagedQuery({ status: choice(importRowStatuses).optional() });
export type ImportRowsQuery = z.infer<typeof ImportRowsQuery>;

export const ImportsQuery = pagedQuery({});
export type ImportsQuery = z.infer<typeof ImportsQuery>;

const exampleImportId = '01a2b3c4-d5e6-7f80-91a2-b3c4d5e6f70a';
const exampleMovie = exampleOf(MovieListItem);

const list = {
  list: z.enum(importLists),
  list_assumed: z
    .boolean()
    .meta({ description: 'True if neither the columns nor the caller said which list it is.' }),
};

export const StartedImport = z.object({ import_id: z.uuid(), ...list });
describeSchema(StartedImport, {
  name: 'StartedImport',
  example: { import_id: exampleImportId, list: 'watched', list_assumed: false },
});

export const ImportSummary = z.object({
  id: z.uuid(),
  source: z.enum(importSources),
  ...list,
  status: z.enum(importStatuses),
  created_at: z.iso.datetime(),
  finished_at: z.iso.datetime().nullable(),
  counts: z.object({
    rows: z.int(),
    matched: z.int(),
    ambiguous: z.int(),
    not_found: z.int(),
    skipped: z.int().optional().meta({ description: 'Rows that you skipped. Absent if there are none.' }),
    pending: z.int(),
    added: z.int().meta({ description: 'Interactions that the import added.' }),
    unchanged: z.int().meta({ description: 'Interactions in the import that changed nothing.' }),
  }),
  error: z.string().nullable(),
});
describeSchema(ImportSummary, {
  name: 'ImportSummary',
  example: {
    id: exampleImportId,
    source: 'letterboxd',
    list: 'watched',
    list_assumed: false,
    status: 'succeeded',
    created_at: exampleTime,
    finished_at: exampleTime,
    counts: { rows: 1, matched: 1, ambiguous: 0, not_found: 0, pending: 0, added: 1, unchanged: 0 },
    error: null,
  },
});

export const ImportRow = z.object({
  line: z.int().meta({ description: 'The line in the file where the row begins. The header is line 1.' }),
  title: z.string().nullable(),
  year: z.int().nullable(),
  status: z.enum(importRowStatuses),
  tmdb_id: z.int().nullable(),
  matched_by: z.enum(importMatches).nullable(),
  reason: z.string().nullable(),
  candidates: z
    .array(z.object({ tmdb_id: z.int(), title: z.string(), year: z.int().nullable() }))
    .meta({ description: 'Movies that it could be. None of them was chosen.' }),
});
describeSchema(ImportRow, {
  name: 'ImportRow',
  example: {
    line: 2,
    title: exampleMovie.title,
    year: 2014,
    status: 'matched',
    tmdb_id: exampleMovie.tmdb_id,
    matched_by: 'title',
    reason: null,
    candidates: [],
  },
});

export const ImportReport = ImportSummary.extend({ rows: z.array(ImportRow) });
describeSchema(ImportReport, {
  name: 'ImportReport',
  example: {
    ...exampleOf(ImportSummary),
    rows: [exampleOf(ImportRow)],
  },
});
