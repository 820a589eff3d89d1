import { expect, test } from 'bun:test';
import { codeOf } from '#shared/errors.ts';
import { nameStoreTrouble, verdictOf } from './retry.ts';

const coded = (code: string) => Object.assign(new Error('from the server'), { code });

test.each([
  ['the server ends', coded('57P01')],
  ['nobody is at the other end', coded('ECONNREFUSED')],
  ['the connection ended', new Error('Connection terminated unexpectedly')],
  [
    'the connection broke before',
    new Error('Client has encountered a connection error and is not queryable'),
  ],
  ['no connection is to be had', new Error('timeout exceeded when trying to connect')],
  ['any of it is the cause of something', new Error('a batch', { cause: coded('08006') })],
])('a job waits without an attempt lost where %s', (_, error) => {
  const named = nameStoreTrouble(error);
  expect([codeOf(named), verdictOf(named)]).toEqual(['unavailable', 'wait']);
});

test.each([coded('23505'), new Error('our own fault'), 'no error'])(
  '%s is no trouble of the store',
  (error) => {
    expect(nameStoreTrouble(error)).toBe(error);
  },
);
