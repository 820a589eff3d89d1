import { Elysia, status } from 'elysia';
import { PageMeta } from '../http/answers/model.ts';
import type { Admission } from '../http/callers/admission.ts';
import { success } from '../http/contract/answer.ts';
import { describeRoute } from '../http/contract/describe-route.ts';
import { stateBody } from '../http/input/body-rule.ts';
import { signedIn } from '../http/plugins/guards.ts';
import { keptByNobody } from '../http/plugins/kept-by-nobody.ts';
import { strictQuery } from '../http/plugins/query.ts';
import {
  HistoryFile,
  ImportFileQuery,
  ImportParams,
  ImportReport,
  ImportRowsQuery,
  ImportSummary,
  ImportsQuery,
  StartedImport,
} from './model.ts';
import type { ImportService } from './service.ts';

const path = '/api/user/import';

const historyFile = stateBody({ limitBytes: 10 * 1024 * 1024, mediaType: 'text/csv' });

export function importRoutes({ imports, admission }: { imports: ImportService; admission: Admission }) {
  return new Elysia({ name: 'imports' })
    .use(signedIn(admission))
    .use(strictQuery())
    .use(keptByNobody())
    .post(
      path,
      async ({ query, body, set, viewer }) => {
        const data = await imports.start(viewer.userId, query, body);
        set.headers.location = `${path}/${data.import_id}`;
        return status(202, success(data));
      },
      { query: ImportFileQuery, ...historyFile, ...describeRoute(startDescription) },
    )
    .get(
      path,
      async ({ query, viewer }) => {
        const { data, meta } = await imports.list(viewer.userId, query);
        return success(data, meta);
      },
      { query: ImportsQuery, ...describeRoute(listDescription) },
    )
    .get(
      `${path}/:import_id`,
      async ({ params, query, viewer }) => {
        const { data, meta } = await imports.report(viewer.userId, params.import_id, query);
        return success(data, meta);
      },
      { params: ImportParams, query: ImportRowsQuery, ...describeRoute(reportDescription) },
    );
}

const startDescription = {
  tag: 'Accounts',
  summary: 'Import what you have watched',
  description: [
    'Send a CSV file in UTF-8, up to 10 MiB and 50,000 rows, as Letterboxd (watched, watchlist, ratings, diary, reviews, likes/films, or its import format) or IMDb (ratings, watchlist) exports it. Columns are found by name, in any order and case. `tmdbID` and `imdbID` are used wherever they are present.',
    'A row of a `watched` or `ratings` file becomes `watched`. From 4 of 5 stars (IMDb: 8 of 10) it also becomes `liked`, and up to 1.5 stars (IMDb: 3) `disliked`. A row of a `likes` file becomes `liked`, and one of a `watchlist` file `bookmarked`. The time is the one in the row (watched, rated, or added to the list), otherwise the time of the import.',
    'Some files look alike, so `list` says which one it is. Without `list` the columns decide if they can. If they cannot, `watched` is assumed and `list_assumed` is true.',
    'The rules are those for interactions: what is already saved stays as it is, and of `liked` and `disliked` the later one counts. A user may have one import at a time (409) and 20 a day (429).',
  ].join('\n\n'),
  data: StartedImport,
  success: 202,
  ownBody: { schema: HistoryFile, type: 'text/csv', required: true },
  headers: { Location: 'The address of the report on the import.' },
  failures: [
    { code: 'malformed_body', message: 'The body is not valid UTF-8.' },
    401,
    {
      code: 'already_running',
      message: 'One of your imports is still running. Please wait until it has finished.',
      details: [{ path: 'import_id', message: '01a2b3c4-d5e6-7f80-91a2-b3c4d5e6f70a' }],
    },
    { code: 'body_too_large', message: 'The body may have at most 10 MiB.' },
    { code: 'unsupported_media_type', message: 'The body must be sent as text/csv.' },
    {
      code: 'invalid_input',
      meaning: 'The query or the file is not valid. `details` says where.',
      message: 'This file cannot be imported.',
      details: [{ path: 'body', message: 'has a header but no rows' }],
    },
    429,
    500,
    503,
  ],
} as const;

const listDescription = {
  tag: 'Accounts',
  summary: 'List your imports, newest first',
  data: [ImportSummary],
  meta: PageMeta,
  failures: [401, 422, 429, 500, 503],
} as const;

const reportDescription = {
  tag: 'Accounts',
  summary: 'Get the report on an import, row by row',
  description:
    'A row is `matched` by its TMDb id, by its IMDb id, or if exactly one movie has its title and year (if none has, a year that differs by one will do). Otherwise it is `ambiguous` or `not_found`, and `candidates` lists the movies it could be: the service does not guess. While TMDb cannot be reached, rows stay `pending`.',
  data: ImportReport,
  meta: PageMeta,
  failures: [
    401,
    {
      code: 'not_found',
      message: 'You have no import with this id.',
    },
    422,
    429,
    500,
    503,
  ],
} as const;
