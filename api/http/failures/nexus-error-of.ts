import { storeTroubleOf } from '#shared/db/store-away.ts';
import { type ErrorDetail, NexusError } from '#shared/errors.ts';

/** What the framework says about a failure: its own code, and which part of the exchange broke a schema. */
interface FrameworkFailure {
  code: string | number;
  error: unknown;
}

/** Any failure as one of ours. What nobody foresaw becomes `internal_error`, with the cause kept for the log. */
export function nexusErrorOf({ code, error }: FrameworkFailure): NexusError {
  if (error instanceof NexusError) return error;
  if (code === 'VALIDATION') return ofValidation(error);
  if (code === 'PARSE') return ofParsing(error);
  if (storeTroubleOf(error) !== undefined)
    return new NexusError('unavailable', 'The service is overloaded or being restarted. Please try again.', {
      cause: error,
    });
  return new NexusError('internal_error', 'internal', { cause: error });
}

function ofValidation(error: unknown): NexusError {
  const { type, all } = error as { type?: string; all?: { path?: string; message?: string }[] };
  // An answer of ours that breaks its own schema is our bug, not the caller's.
  if (type === 'response') return new NexusError('internal_error', 'internal', { cause: error });
  return refusalOf((all ?? []).map(({ path = '', message }) => ({ path: pathOf(path, type), message })));
}

/** The rest of a name of nonsense says nothing new. */
const mostOfPath = 100;
const mostDetails = 64;

interface Issue {
  path: string;
  message?: string | undefined;
}

/** Input that breaks its schema. */
export function refusalOf(issues: readonly Issue[]): NexusError {
  const details: ErrorDetail[] = issues.slice(0, mostDetails).map(({ path, message = 'is not valid' }) => ({
    path: path.slice(0, mostOfPath).toWellFormed(),
    message,
  }));
  return new NexusError('invalid_input', 'Some of the input is not valid.', { details: eachOnce(details) });
}

/** A rule and a finer one may complain of the same in the same words. */
const eachOnce = (details: readonly ErrorDetail[]): ErrorDetail[] => [
  ...new Map(details.map((detail) => [`${detail.path} ${detail.message}`, detail])).values(),
];

/** The framework calls the whole of a body or a query `root`. */
const pathOf = (path: string, type = '') =>
  path === 'root' ? type : path.replace(/^\//, '').replaceAll('/', '.');

/** The body is not JSON, or the sender disconnected before its end. */
const isOfBody = ({ name }: Error) => name === 'SyntaxError' || name === 'AbortError';

function ofParsing(error: unknown): NexusError {
  const cause = error instanceof Error ? error.cause : undefined;
  // Whatever else went wrong while a body was read is no fault of the body.
  if (cause instanceof Error && !isOfBody(cause)) return nexusErrorOf({ code: 'UNKNOWN', error: cause });
  return new NexusError('malformed_body', 'The body is not valid JSON.', { cause: error });
}
