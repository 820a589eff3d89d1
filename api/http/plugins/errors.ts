import { Elysia } from 'elysia';
import type { AnswerError } from '../failures/error-answerer.ts';

/** Whatever a route throws, or whatever no route answers, is answered in the envelope. */
export function errors(answerError: AnswerError) {
  return new Elysia({ name: 'errors' }).onError({ as: 'global' }, ({ code, error, set, request }) =>
    answerError({ code, error, set, request }),
  );
}
