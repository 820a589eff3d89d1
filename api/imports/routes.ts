import { Elysia, status } from 'elysia';
import { PageMeta } from '../http/answers/model.ts';
import type { Admission } from '../http/callers/admission.ts';
import { success } from '../http/contract/answer.ts';
import { describeRoute } from '../http/contract/describe-route.ts';
import type { BodyRule } from '../http/plugins/body.ts';
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

/** What is sent there is no JSON. */
export const importBody: Readonly<Record<string, BodyRule>> = {
  [path]: { limitBytes: 10 * 1024 * 1024, mediaType: 'text/csv' },
};

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
      { query: ImportFileQuery, ...describeRoute(startDescription) },
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
  summary: 'Bring along what you have watched',
  description: [
    'A CSV in UTF-8, up to 10 MiB and 50,000 rows, as Letterboxd (watched, watchlist, ratings, diary, reviews, likes/films, and its import format) or IMDb (ratings, watchlist) exports it. Columns are found by name, in any order and case; `tmdbID` and `imdbID` are used wherever they are.',
    'What a row becomes: of a `watched` or `ratings` file `watched`, and `liked` from 4 of 5 stars (IMDb: 8 of 10), `disliked` up to 1.5 (IMDb: 3); of a `likes` file `liked`; of a `watchlist` file `bookmarked`. The time is that of the row (watched, rated, or put on the list), else that of the import.',
    'Some files look alike: `list` says which it is. Without it the columns decide where they can, else `watched` is assumed and `list_assumed` says so.',
    'The same rules as for interactions: what is there already stays as it is; of `liked` and `disliked` the later one stands. One import at a time (409), 20 a day (429).',
  ].join('\n\n'),
  data: StartedImport,
  success: 202,
  ownBody: { schema: HistoryFile, type: 'text/csv', required: true },
  headers: { Location: 'Where the import is reported on.' },
  failures: [
    { code: 'malformed_body', message: 'The body is not valid UTF-8.' },
    401,
    {
      code: 'already_running',
      message: 'An import of yours is under way. Please wait for its end.',
      details: [{ path: 'import_id', message: '01a2b3c4-d5e6-7f80-91a2-b3c4d5e6f70a' }],
    },
    { code: 'body_too_large', message: 'The body may have at most 10 MiB.' },
    { code: 'unsupported_media_type', message: 'The body must be sent as text/csv.' },
    {
      code: 'invalid_input',
      meaning: 'What is asked, or the file, is not valid: `details` says where.',
      message: 'This file cannot be imported.',
      details: [{ path: 'body', message: 'has a header and no rows' }],
    },
    429,
    500,
    503,
  ],
} as const;

const listDescription = {
  tag: 'Accounts',
  summary: 'Your imports, newest first',
  data: [ImportSummary],
  meta: PageMeta,
  failures: [401, 422, 429, 500, 503],
} as const;

const reportDescription = {
  tag: 'Accounts',
  summary: 'How an import goes, row by row',
  description:
    'A row is `matched` by its TMDb id, its IMDb id, or where exactly one movie has its title and year (or, if none has, a year one off). Otherwise it is `ambiguous` or `not_found`, with the movies it may be as `candidates`: none is guessed. While TMDb cannot be reached, rows stay `pending`.',
  data: ImportReport,
  meta: PageMeta,
  failures: [
    401,
    {
      code: 'not_found',
      message: 'You have no such import.',
    },
    422,
    429,
    500,
    503,
  ],
} as const;
