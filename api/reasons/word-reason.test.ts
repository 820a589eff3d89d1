import { expect, test } from 'bun:test';
import { de } from './de.ts';
import { en } from './en.ts';
import { es } from './es.ts';
import { fr } from './fr.ts';
import type { Sentences } from './reason.ts';
import { sentencesOf } from './sentences-of.ts';
import { wordReason } from './word-reason.ts';

const heat = { type: 'collection', id: 949, name: 'Heat Collection' };

test('a reason is worded from its data', () => {
  expect(
    wordReason({ code: 'in_collection_of', ...heat, title: 'Heat', titleOf: 949, liking: 'liked' }),
  ).toEqual({
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

test.each([
  ['de-AT', de],
  ['en-GB', en],
  ['es-MX', es],
  ['fr-CA', fr],
  ['ja-JP', en],
])('reasons in %s', (language, sentences) => {
  expect(sentencesOf(language)).toBe(sentences);
});

test('numbers, plurals and names of languages are those of the language', () => {
  const rated = (votes: number) =>
    ({ code: 'well_rated', type: 'well_rated', id: 1, name: 'Heat', average: 8.25, votes }) as const;
  const texts = (votes: number) =>
    [en, de, fr, es].map((sentences) => wordReason(rated(votes), sentences).text);
  expect(texts(12_345)).toEqual([
    'Rated 8.3 by 12,345 voters at TMDb',
    'Bei TMDb mit 8,3 bewertet, aus 12.345 Stimmen',
    'Noté 8,3 sur TMDb, pour 12\u202f345 votes',
    'Con una nota de 8,3 en TMDb y 12.345 votos',
  ]);
  expect(texts(1)).toEqual([
    'Rated 8.3 by 1 voter at TMDb',
    'Bei TMDb mit 8,3 bewertet, aus einer Stimme',
    'Noté 8,3 sur TMDb, pour 1 vote',
    'Con una nota de 8,3 en TMDb y 1 voto',
  ]);
  const spoken = (language: string) =>
    ({
      code: 'shares_language',
      type: 'liked_movie',
      id: 1,
      name: 'Oldboy',
      liking: 'liked',
      language,
    }) as const;
  const shares = (language: string) =>
    [en, de, fr, es].map((sentences) => wordReason(spoken(language), sentences).text);
  expect(shares('ko')).toEqual([
    'In Korean, like Oldboy, which you liked',
    'Auf Koreanisch, ebenso wie „Oldboy“, der dir gefällt',
    'En coréen, comme «\u00a0Oldboy\u00a0», que vous avez aimé',
    'En coreano, como «Oldboy», que te gustó',
  ]);
  expect(shares('xx')).toEqual([
    'In the same language, like Oldboy, which you liked',
    'In derselben Sprache, ebenso wie „Oldboy“, der dir gefällt',
    'Dans la même langue, comme «\u00a0Oldboy\u00a0», que vous avez aimé',
    'En el mismo idioma, como «Oldboy», que te gustó',
  ]);
});
