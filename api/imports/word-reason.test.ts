import { expect, test } from 'bun:test';
import { type RowReason, storeReason } from '#shared/users/import-reason.ts';
import { wordReason } from './word-reason.ts';

test.each<[RowReason, string]>([
  [{ code: 'television' }, 'TMDb lists it as television, not as a movie.'],
  [{ code: 'title_too_long', longest: 500 }, 'The title is longer than 500 characters.'],
  [
    { code: 'id_contradicted', title: 'Heat', year: null },
    'Its id is that of “Heat” (no year), and its title and year are of another one.',
  ],
  [
    { code: 'partly_read', left_out: ['rating', 'date'], mended: true },
    'Left out, because it could not be read: rating, date. Without its date, the row never replaces an opinion that has one. A quotation mark in this row is out of place. Please check what was read.',
  ],
])('%j is worded from its values', (reason, sentence) => {
  expect(wordReason(storeReason(reason))).toBe(sentence);
});

test('an error says what its user can do', () => {
  for (const code of ['service_failed', 'account_locked'] as const)
    expect(wordReason(storeReason({ code }))).toContain('Import the file again');
  expect(wordReason(storeReason({ code: 'budget_spent' }))).toContain('tomorrow');
});

test('what was stored as a sentence stays one, and so does what is no reason of ours', () => {
  for (const stored of [
    'Several movies have this IMDb id.',
    '{"code":"x"}',
    '{"code":"',
    '{"code":"toString"}',
    '',
  ])
    expect(wordReason(stored)).toBe(stored);
  expect(wordReason(null)).toBeNull();
});
