import { Elysia } from 'elysia';
import type { AnswerError, FailedExchange } from '../failures/error-answerer.ts';

/**
 * Whatever a route throws, or whatever no route answers, is answered in the envelope.
 * @param countUnknown counts a request that no route answers, and throws for a caller with too many
 */
export function errors(answerError: AnswerError, countUnknown?: (request: Request) => Promise<unknown>) {
  const answerUnknown = async (failed: FailedExchange) => {
    try {
      await countUnknown?.(failed.request);
      return answerError(failed);
    } catch (error) {
      return answerError({ ...failed, code: 'UNKNOWN', error });
    }
  };
  return new Elysia({ name: 'errors' }).onError({ as: 'global' }, ({ code, error, set, request }) => {
    const failed = { code, error, set, request };
    return code === 'NOT_FOUND' ? answerUnknown(failed) : answerError(failed);
  });
}
