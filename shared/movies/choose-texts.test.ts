import { describe, expect, test } from 'bun:test';
import { chooseTexts, type DescribedMovie, type Translation } from './choose-texts.ts';

const none = { title: null, overview: null, tagline: null, homepage: null, runtime: null };
const row = (language: string, more: Partial<Translation> = {}): Translation => ({
  language,
  ...none,
  ...more,
});

const spirited: DescribedMovie = {
  ...none,
  original_title: '千と千尋の神隠し',
  original_language: 'ja',
  title: 'Spirited Away',
  overview: 'In English.',
  runtime: 125,
};
const rows = [
  row('ja-JP', { overview: '日本語で。' }),
  row('fr-CA', { title: 'Chihiro (CA)', tagline: 'Viens' }),
  row('fr-FR', { title: 'Le Voyage de Chihiro', overview: 'En français.', homepage: 'https://fr.test' }),
  row('pt-BR', { title: 'A Viagem' }),
];

const textsOf = (asked: string, movie = spirited, translations = rows) => {
  const { title, overview, tagline } = chooseTexts(movie, translations, asked);
  return [title, overview, tagline].map(({ value, language }) =>
    value === null ? null : `${language} ${value}`,
  );
};

describe('each field is taken from', () => {
  test.each([
    [
      'the language itself, then another country’s',
      'fr-FR',
      ['fr-FR Le Voyage de Chihiro', 'fr-FR En français.', 'fr-CA Viens'],
    ],
    [
      'another country where the own has nothing',
      'fr-CA',
      ['fr-CA Chihiro (CA)', 'fr-FR En français.', 'fr-CA Viens'],
    ],
    [
      'the same language where the country has no row',
      'fr-BE',
      ['fr-CA Chihiro (CA)', 'fr-FR En français.', 'fr-CA Viens'],
    ],
    ['English where the language has only a title', 'pt-PT', ['pt-BR A Viagem', 'en-US In English.', null]],
    ['English where there is no row', 'de-DE', ['en-US Spirited Away', 'en-US In English.', null]],
    ['English of whatever country', 'en-GB', ['en-US Spirited Away', 'en-US In English.', null]],
    [
      'the original in the film’s own language',
      'ja-JP',
      ['ja-JP 千と千尋の神隠し', 'ja-JP 日本語で。', null],
    ],
  ])('%s', (_, asked, expected) => {
    expect(textsOf(asked)).toEqual(expected);
  });

  test('the original, where nothing else says it', () => {
    const untranslated = { ...spirited, title: spirited.original_title, overview: null };
    expect(textsOf('de-DE', untranslated)).toEqual(['ja-JP 千と千尋の神隠し', 'ja-JP 日本語で。', null]);
    expect(textsOf('en-US', untranslated, [])).toEqual(['ja 千と千尋の神隠し', null, null]);
    expect(textsOf('ja-JP', untranslated, [])).toEqual(['ja 千と千尋の神隠し', null, null]);
  });

  test('the original in the film’s own language, also where TMDb has no translation into it', () => {
    expect(textsOf('ja-JP', spirited, [])).toEqual(['ja 千と千尋の神隠し', 'en-US In English.', null]);
    expect(textsOf('de-DE', spirited, [])).toEqual(['en-US Spirited Away', 'en-US In English.', null]);
  });

  test('an English film keeps its title in English', () => {
    const english = { ...spirited, title: 'Alien', original_title: 'Alien', original_language: 'en' };
    expect(textsOf('de-DE', english, [row('de-DE', { overview: 'Auf Deutsch.' })])).toEqual([
      'en-US Alien',
      'de-DE Auf Deutsch.',
      null,
    ]);
    expect(textsOf('en-GB', english, [row('en-GB', { overview: 'British.' })])).toEqual([
      'en-GB Alien',
      'en-GB British.',
      null,
    ]);
  });
});

test('homepage and runtime follow the same rule', () => {
  const { homepage, runtime } = chooseTexts(spirited, rows, 'fr-CA');
  expect([homepage, runtime]).toEqual([
    { value: 'https://fr.test', language: 'fr-FR' },
    { value: 125, language: 'en-US' },
  ]);
});
