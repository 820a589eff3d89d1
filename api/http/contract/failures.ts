import type { OpenAPIV3 } from 'openapi-types';
import type { CallerErrorCode, ErrorDetail } from '#shared/errors.ts';
import { statusOf } from '../failures/status-of.ts';
import { sizeText, smallBytes } from '../input/body-rule.ts';
import { Failure } from './model.ts';
import { header, json, ref, requestId, retryAfter } from './response-parts.ts';

const comeBack = '`Retry-After` says when to try again.';

/** What a route may say went wrong: what that means, and the sentence it says unless the route has its own. */
const known = {
  malformed_body: ['The body is malformed.', 'The body is not valid JSON.'],
  unauthenticated: [
    'The access token is missing, invalid or expired.',
    'The access token is invalid or has expired.',
  ],
  invalid_credentials: ['The email or the password is wrong.', 'The email or the password is wrong.'],
  totp_required: [
    'A code of the second factor is missing, or wrong.',
    'Please give a code of your authenticator app, or a recovery code.',
  ],
  forbidden: ['The role `admin` is needed.', 'Only an administrator may do this.'],
  movie_not_found: ['TMDb has no movie with this id.', 'TMDb has no movie with this id.'],
  not_found: ['This does not exist.', 'This does not exist.'],
  email_taken: ['An account with this email already exists.', 'An account with this email already exists.'],
  already_running: ['The job is already running.', 'The job trending is already running.'],
  last_admin: [
    'This is the last administrator, who must stay one.',
    'This is the last administrator. Make another one first.',
  ],
  movie_gone: ['TMDb has deleted this movie.', 'TMDb has deleted this movie.'],
  body_too_large: ['The body is too large.', 'The body may have at most 1 MiB.'],
  unsupported_media_type: [
    'The media type of the body is not accepted.',
    'The body must be sent as application/json.',
  ],
  invalid_input: ['The input is not valid. `details` says where.', 'Some of the input is not valid.'],
  too_many_requests: [`Too many requests. ${comeBack}`, 'Too many requests. Please slow down.'],
  internal_error: ['A fault of this service.', 'Something went wrong on our side. It has been noted.'],
  unavailable: [
    `The database or the queue cannot be reached, or the service is overloaded. ${comeBack}`,
    'The service is overloaded or being restarted. Please try again.',
  ],
  upstream_unavailable: [
    `TMDb cannot be reached, and this is not mirrored yet. ${comeBack}`,
    'TMDb cannot be reached right now, and this movie is not mirrored yet. Please try again soon.',
  ],
} as const satisfies Partial<Record<CallerErrorCode, readonly [meaning: string, message: string]>>;

/** What is usually meant by a status. Of 404 and 409 nothing is: each route says what it lacks. */
const usual = {
  400: 'malformed_body',
  401: 'unauthenticated',
  403: 'forbidden',
  413: 'body_too_large',
  415: 'unsupported_media_type',
  422: 'invalid_input',
  429: 'too_many_requests',
  500: 'internal_error',
  503: 'unavailable',
} as const satisfies Record<number, keyof typeof known>;

/** A failure in the words of one route. */
interface SaidFailure {
  code: keyof typeof known;
  message?: string;
  /** Where that is not what the route says. */
  meaning?: string;
  details?: readonly ErrorDetail[];
}

/** A status where it is what it usually is; else what the route says, one for each code. */
export type RouteFailure = keyof typeof usual | SaidFailure;

/** What comes of a body, also where none is asked for: it is read all the same. */
export const perBody = [400, 413, 415] as const;
/** The same where it must be small: of signing in and out, and of all that anybody may send. */
export const perSmallBody = [
  400,
  { code: 'body_too_large', message: `The body may have at most ${sizeText(smallBytes)}.` },
  415,
] as const satisfies readonly RouteFailure[];

/** A field that is not as it must be, of a route that has no `limit`. */
export const invalidInput = (path: string, message: string): SaidFailure => ({
  code: 'invalid_input',
  details: [{ path, message }],
});

/** Of a route that takes no parameter at all. */
export const unknownParameter = invalidInput('page', 'is not a parameter of this route');

/** Of a route that takes a language. */
export const unknownLanguage = invalidInput('language', 'must be a language such as de-DE');

/** Of the mirror's lists: nothing but the first fetch makes them wait. */
export const listNeverFetched: SaidFailure = {
  code: 'upstream_unavailable',
  meaning: `This list is not mirrored yet. ${comeBack}`,
  message: 'This list has not been fetched from TMDb yet.',
};

const limitDetails = [{ path: 'limit', message: 'must be a whole number from 1 to 100' }];

/** How a route may fail, by HTTP status. */
export function failureResponses(failures: readonly RouteFailure[]): OpenAPIV3.ResponsesObject {
  const said = failures.map((failure) => (typeof failure === 'number' ? usually(failure) : failure));
  return Object.fromEntries(
    [...Map.groupBy(said, ({ code }) => statusOf[code])].map(([http, all]) => [http, responseOf(http, all)]),
  );
}

const usually = (http: keyof typeof usual): SaidFailure => ({
  code: usual[http],
  ...(http === 422 ? { details: limitDetails } : {}),
});

const responseOf = (http: number, all: readonly SaidFailure[]): OpenAPIV3.ResponseObject => ({
  description: all
    .map((failure) => (all.length === 1 ? '' : `\`${failure.code}\`: `) + meaningOf(failure))
    .join('\n\n'),
  headers: {
    ...requestId,
    ...(http === 401 ? { 'WWW-Authenticate': header('`Bearer`.') } : {}),
    ...(http === 429 || http === 503 ? retryAfter : {}),
  },
  content: json(ref(Failure), Object.fromEntries(all.map((failure) => [failure.code, exampleOf(failure)]))),
});

const meaningOf = ({ code, message, meaning = message ?? known[code][0] }: SaidFailure): string => meaning;

const exampleOf = ({ code, message = known[code][1], details }: SaidFailure) => ({
  status: 'error',
  message,
  code,
  request_id: '7d9c1f20-1k',
  ...(details === undefined ? {} : { details }),
});
