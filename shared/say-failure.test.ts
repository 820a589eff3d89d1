import { expect, test } from 'bun:test';
import { ConfigError } from './config.ts';
import { sayFailure } from './say-failure.ts';

test('a failure that was followed by another while closing is still said, and first', () => {
  const first = new ConfigError('PORT must be a number.');
  const closing = new SuppressedError(new Error('no rollback'), first);
  const said = sayFailure(new SuppressedError(new Error('still busy'), closing));
  expect(said.startsWith('PORT must be a number.\nWhile closing: ')).toBe(true);
  expect(said).toContain('error: no rollback');
  expect(said).toContain('error: still busy');
});

test('a plain failure is one sentence, any other has its stack', () => {
  expect(sayFailure(new ConfigError('PORT must be a number.'))).toBe('PORT must be a number.');
  expect(sayFailure(new Error('a bug'))).toContain('say-failure.test.ts');
});
