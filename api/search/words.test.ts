import { expect, test } from 'bun:test';
import { editedWords } from '#shared/search/edited-words.ts';
import type { AskedWords } from './asked-words.ts';
import { exactQuery, indexedMatch, matchOf, matchQuery } from './match-query.ts';

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

test('a word that is asked for twice is looked for once', () => {
  expect(matchOf(asked(['tape'], ['tape'], ['tape'])).all).toEqual(["('tape')"]);
  expect(matchOf(asked(['big'], ['tape'], ['big'])).all).toEqual(["('big')", "('tape')"]);
});

test('an index is not asked for a beginning where few have the other words', () => {
  const common = { movie_titles: { rows: 1_000_000, shares: new Map([['blood', 0.005]]) } };
  const lookedFor = (...pieces: string[][]) =>
    indexedMatch(matchOf(asked(...pieces)), 'movie_titles', common).all;
  expect(lookedFor(['stag'], ['night'])).toEqual(["('stag')"]);
  expect(lookedFor(['blood'], ['car'])).toEqual(["('blood')", "('car':*)"]);
  expect(lookedFor(['car'])).toEqual(["('car':*)"]);
  const unknown = indexedMatch(matchOf(asked(['stag'], ['knight'])), 'movie_other_titles', common);
  expect(unknown.all).toEqual(["('stag')", "('knight':*)"]);
});
