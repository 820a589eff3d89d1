import { expect, test } from 'bun:test';
import { callerErrorCodes, internalErrorCodes, NexusError } from '#shared/errors.ts';
import { callerErrorOf } from './caller-error.ts';
import { statusOf } from './status-of.ts';

const options = {
  details: [{ path: 'a', message: 'b' }],
  retryAfterMs: 7,
  cause: new Error('select secret'),
};
const shownOf = (code: NexusError['code']) => callerErrorOf(new NexusError(code, 'At /3/movie.', options));

test.each(internalErrorCodes)('%s is told as another code, with nothing of what it said', (internal) => {
  const { code, message, details, retryAfterMs } = shownOf(internal);
  expect(callerErrorCodes).toContain(code);
  expect(statusOf).not.toHaveProperty([internal]);
  expect(message).not.toContain('/3/movie');
  expect([details, retryAfterMs]).toEqual([undefined, 7]);
});

test.each(callerErrorCodes.filter((code) => code !== 'internal_error'))('%s is told as it is', (code) => {
  const { details, retryAfterMs } = options;
  expect(shownOf(code)).toEqual({ code, message: 'At /3/movie.', details, retryAfterMs });
});

test('an internal error is told as one, but not what it said', () => {
  const { code, message, details } = shownOf('internal_error');
  expect([code, details]).toEqual(['internal_error', undefined]);
  expect(message).not.toContain('/3/movie');
});
