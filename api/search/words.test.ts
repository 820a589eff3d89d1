import { expect, test } from 'bun:test';
import { editedWords } from '#shared/search/edited-words.ts';
import type { AskedWords } from './asked-words.ts';
import { exactQuery, matchQuery } from './match-query.ts';

const asked = (...pieces: string[][]): AskedWords => ({
  pieces,
  key: pieces.flat().join(' '),
  whole: `=${pieces.flat().join('')}`,
});

test('every slip of the finger is undone: a letter too few, too many, wrong, or two swapped', () => {
  for (const slip of ['jws', 'jaaws', 'jows', 'jwas', 'ajws', 'jawss', 'aws'])
    expect([slip, editedWords(slip).includes('jaws')]).toEqual([slip, true]);
  expect(editedWords('jaws')).not.toContain('jaws');
});

test('words too short or too long for it are left as they are', () => {
  expect([editedWords('ab'), editedWords('a'.repeat(13)), editedWords('')]).toEqual([[], [], []]);
});

test('articles need not be there, unless nothing else was asked for', () => {
  expect(matchQuery(asked(['the'], ['matrix']))).not.toContain("'the'");
  expect(matchQuery(asked(['the']))).toContain("'the':*");
});

test('what looks like syntax is text', () => {
  expect(exactQuery({ pieces: [["'"]], key: '', whole: "='\\" })).toBe("'=''\\\\'");
});

test('nothing to search by matches nothing', () => {
  expect(matchQuery({ pieces: [], key: '', whole: '=' })).toBe("'='");
});
