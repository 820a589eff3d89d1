import { status } from 'elysia';
import { type CallerErrorCode, NexusError } from '#shared/errors.ts';
import type { AnswerError, FailedExchange } from '../http/failures/error-answerer.ts';

/** What the board's page shows above the sentence: text, or a key of its own translations. */
type Headline = string | { key: string };

/** A refusal of the board's own, with its headline. */
export class BoardRefusal extends NexusError {
  readonly headline: Headline;

  constructor(code: CallerErrorCode, message: string, headline: Headline) {
    super(code, message);
    this.headline = headline;
  }
}

export const notThere = (headline: Headline = 'Not found') =>
  new BoardRefusal('not_found', 'This queue or job does not exist, or no longer exists.', headline);

export const notPossible = (message: string, headline: Headline = 'Not possible') =>
  new BoardRefusal('invalid_input', message, headline);

/** Where its page would say more than that something cannot be done. */
const sentences: Readonly<Record<string, string>> = {
  'ERRORS.INVALID_PRIORITY': 'The priority must be a whole number that is not negative and not too large.',
  'ERRORS.INVALID_QUERY_PARAM': 'Some of the input is not valid.',
  'ERRORS.JOB_BELONGS_TO_JOB_SCHEDULER': 'This is the next run of a schedule. It cannot be removed.',
  'ERRORS.JOB_IS_ACTIVE': 'The job is running. It can be removed when it has finished.',
};

/** What a handler of the board's refuses, in our words. */
export function refusalOf(http: number, answer: unknown): NexusError {
  const { error } = answer as { error?: { key: string } };
  if (http >= 500) return new NexusError('internal_error', 'internal', { cause: answer });
  if (http === 404) return notThere(error);
  return notPossible(sentences[error?.key ?? ''] ?? 'This is not possible with this queue or job.', error);
}

/** Answers a failure in our envelope; the page shows a failure only where there is an `error` in it. */
export function answerRefusal(exchange: FailedExchange, answerError: AnswerError) {
  const answer = answerError(exchange);
  if (answer instanceof Response) return answer;
  const { code: http, response } = answer;
  const { error } = exchange;
  const headline = error instanceof BoardRefusal ? error.headline : headlineOf[response.code];
  return status(http, { ...response, error: headline ?? 'This did not work' });
}

const headlineOf: Partial<Record<CallerErrorCode, Headline>> = {
  unavailable: 'Not available right now',
  internal_error: { key: 'ERRORS.INTERNAL_SERVER_ERROR' },
};
