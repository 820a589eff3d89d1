import { Elysia, status } from 'elysia';
import { PageMeta } from '../http/answers/model.ts';
import type { Admission } from '../http/callers/admission.ts';
import type { ClientAddress } from '../http/callers/client-address.ts';
import { done, success } from '../http/contract/answer.ts';
import { describeRoute } from '../http/contract/describe-route.ts';
import { invalidInput, perBody, unknownParameter } from '../http/contract/failures.ts';
import { stateBody } from '../http/input/body-rule.ts';
import { signedIn } from '../http/plugins/guards.ts';
import { keptByNobody } from '../http/plugins/kept-by-nobody.ts';
import { strictQuery } from '../http/plugins/query.ts';
import {
  HistoryFile,
  ImportFileQuery,
  ImportParams,
  ImportReport,
  ImportRow,
  ImportRowParams,
  ImportRowsQuery,
  ImportSummary,
  ImportsQuery,
  RowSettlement,
  StartedImport,
} from './model.ts';
import type { ImportService } from './service.ts';

const path = '/api/user/import';

const historyFile = stateBody({
  limitBytes: 10 * 1024 * 1024,
  mediaType: 'text/csv',
  otherTypes: ['text/tab-separated-values'],
});

interface ImportRoutesDeps {
  imports: ImportService;
  admission: Admission;
  addressOf: ClientAddress;
}

export function importRoutes({ imports, admission, addressOf }: ImportRoutesDeps) {
  return new Elysia({ name: 'imports' })
    .use(signedIn(admission))
    .use(strictQuery())
    .use(keptByNobody())
    .post(
      path,
      async ({ query, body, set, viewer, request }) => {
        const data = await imports.start({ ...viewer, address: addressOf(request) }, query, body);
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
    )
    .delete(
      `${path}/:import_id`,
      async ({ params, viewer, set }) => {
        await imports.remove(viewer.userId, params.import_id);
        return done({ set });
      },
      { params: ImportParams, ...describeRoute(removeDescription) },
    )
    .post(
      `${path}/:import_id/rows/:line`,
      async ({ params, body, viewer, request }) => {
        const namer = { ...viewer, address: addressOf(request) };
        return success(await imports.settle(namer, params.import_id, params.line, body));
      },
      { params: ImportRowParams, ...describeRoute({ ...settleDescription, body: RowSettlement }) },
    );
}

const startDescription = {
  tag: 'Accounts',
  summary: 'Import what you have watched',
  description: [
    'Send a CSV file, up to 10 MiB and 50,000 rows, as Letterboxd (watched, watchlist, ratings, diary, reviews, likes/films, a list, or its import format) or IMDb (ratings, watchlist, lists, check-ins) exports it. Columns are found by name, in any order and case. `tmdbID` and `imdbID` are used wherever they are present. The file is read as UTF-8 unless `Content-Type` names another charset. Separators may be commas, semicolons or tabs.',
    'A row of a `watched` or `ratings` file becomes `watched`. From 4 of 5 stars (IMDb: 8 of 10) it also becomes `liked`, and up to 1.5 stars (IMDb: 3) `disliked`. A row of a `likes` file becomes `liked`, and one of a `watchlist` file `bookmarked`. Ratings are kept, whatever the list is.',
    'The time is the one in the row (watched, rated, or added to the list). A date is read in every spelling and language that can only mean one day. A row without a date, or with one that cannot be read, gets the time of the import, but never replaces an opinion that has a date.',
    'Some files look alike, so `list` says which one it is. Without `list` the columns decide if they can. If they cannot, `list_assumed` is true: `watchlist` is assumed for the lists of IMDb, and `watched` for other files.',
    'The rules are those for interactions: what is already saved stays as it is, and of `liked` and `disliked` the later one counts. A user may have one import at a time (409) and 20 a day (429). TMDb is asked 10,000 times a day for one user at most. What is left then goes on the next day.',
  ].join('\n\n'),
  data: StartedImport,
  success: 202,
  ownBody: { schema: HistoryFile, type: 'text/csv', required: true },
  headers: { Location: 'The address of the report on the import.' },
  failures: [
    {
      code: 'malformed_body',
      message:
        'The body is not valid UTF-8. Save the file as “CSV UTF-8”, or say which characters it has, for example with “Content-Type: text/csv; charset=windows-1252”.',
    },
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
    'A row is `matched` by its TMDb id, by its IMDb id, or if exactly one movie has its title and year (if none has, a year that differs by one will do). If the row names directors, they decide. Otherwise it is `ambiguous` or `not_found`, and `candidates` lists the movies it could be: the service does not guess. A row is also `ambiguous` if its title and year contradict its id. You can settle such rows yourself. While TMDb cannot be reached, rows stay `pending`.',
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

const unknownImport = { code: 'not_found', message: 'You have no import with this id.' } as const;

const removeDescription = {
  tag: 'Accounts',
  summary: 'Delete an import',
  description:
    'Forgets the file and its rows, also while it is running. What the import has saved until then stays. Imports are forgotten by themselves 30 days after they have finished.',
  failures: [401, unknownImport, unknownParameter, ...perBody, 429, 500, 503],
} as const;

const settleDescription = {
  tag: 'Accounts',
  summary: 'Settle a row of an import',
  description:
    'Says which movie a row is, or with `skip` that it is to be left out. All rows of the import that say the same are settled with it. The row then means what it would have meant if it had been found. A row that is matched stays as it is (422): delete its interactions if it is wrong.',
  data: ImportRow,
  failures: [
    401,
    unknownImport,
    ...perBody,
    invalidInput('tmdb_id', 'must be a whole number from 1 to 2147483647'),
    429,
    500,
    503,
  ],
} as const;
