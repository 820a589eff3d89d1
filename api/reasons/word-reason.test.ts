import { expect, test } from 'bun:test';
import { en } from './en.ts';
import type { Sentences } from './reason.ts';
import { wordReason } from './word-reason.ts';

const heat = { type: 'collection', id: 949, name: 'Heat Collection' };

test('a reason is worded from its data', () => {
  expect(wordReason({ code: 'in_collection_of', ...heat, title: 'Heat', liking: 'liked' })).toEqual({
    ...heat,
    text: 'In Heat Collection, like Heat, which you liked',
  });
  const rated = {
    code: 'well_rated',
    type: 'well_rated',
    id: 1,
    name: 'Heat',
    average: 8,
    votes: 12345,
  } as const;
  expect(wordReason(rated).text).toBe('Rated 8.0 by 12,345 voters at TMDb');
});

test('another language is another set of sentences', () => {
  const de: Sentences = { ...en, liked_movie: ({ name }) => `Weil dir ${name} gefällt` };
  const reason = { code: 'liked_movie', type: 'liked_movie', id: 1, name: 'Heat' } as const;
  expect(wordReason(reason, de).text).toBe('Weil dir Heat gefällt');
});

test('a language without one of the sentences does not compile', () => {
  const { in_catalogue: _, ...others } = en;
  // @ts-expect-error: a sentence is missing
  const short: Sentences = others;
  expect(Object.keys(short)).not.toContain('in_catalogue');
});
