import { describe, expect, test } from 'bun:test';
import { appendedParts, emptyParts } from '#shared/movies/movie-parts.ts';
import { wireMovie } from '#tests/support/tmdb/movie-fixture.ts';
import { parseDetails } from './parse-answer.ts';

const answer = (patch: Record<string, unknown> = {}) => parseDetails(wireMovie(patch), 7001);
const textOf = (patch: Record<string, unknown>, part: 'details' | (typeof appendedParts)[number]) =>
  answer(patch).parts.texts.get(part);

test('the details are kept whole and in TMDb’s order, without what was appended', () => {
  const patch = {
    softcore: false,
    production_companies: [{ id: 1, name: 'X' }],
    credits: { cast: [], crew: [] },
  };
  const { credits: _, ...bare } = wireMovie(patch);
  expect(textOf(patch, 'details')).toBe(JSON.stringify(bare));
});

test('a part is kept with all that it says, and without an id of its own', () => {
  const row = {
    logo_path: '/x.jpg',
    provider_id: 8,
    provider_name: 'X',
    display_priority: 0,
    new_field: [1],
  };
  const results = { DE: { link: 'https://x', flatrate: [row] } };
  expect(textOf({ 'watch/providers': { id: 7001, results } }, 'watch/providers')).toBe(
    JSON.stringify({ results }),
  );
});

test('empty parts are not kept, whether TMDb sends them or not', () => {
  const empty = Object.fromEntries(appendedParts.map((part) => [part, JSON.parse(emptyParts[part])]));
  for (const patch of [empty, {}, { videos: null }]) {
    const { texts, lost } = answer(patch).parts;
    expect([[...texts.keys()], lost]).toEqual([['details'], []]);
  }
});

describe('a part is lost, and nothing else with it, when', () => {
  const credits = { cast: [{ id: 5, name: 'Five' }], crew: [] };
  test.each([
    ['credits', 'none'],
    ['credits', { cast: {}, crew: [] }],
    ['keywords', { keywords: 5 }],
    ['recommendations', { results: {} }],
    ['similar', []],
    ['release_dates', { results: 'x' }],
    ['videos', { results: 'x' }],
    ['external_ids', []],
    ['images', { posters: {}, backdrops: [], logos: [] }],
    ['translations', { translations: { de: 1 } }],
    ['alternative_titles', { titles: 'x' }],
    ['reviews', { results: { 0: 1 } }],
    ['watch/providers', { results: [] }],
    ['translations', { translations: [{ text: 'x'.repeat(4_200_000) }] }],
  ] as const)('%s is such', (part, value) => {
    const movie = answer({ credits, keywords: { keywords: [{ id: 3, name: 'three' }] }, [part]: value });
    expect(movie.parts.lost).toEqual([part]);
    expect([...movie.parts.texts.keys()]).toEqual(
      (['details', 'credits', 'keywords'] as const).filter((name) => name !== part),
    );
    expect(movie.credits).toHaveLength(part === 'credits' ? 0 : 1);
    expect(movie.title).toBe('The Lighthouse Keeper’s Ledger');
  });

  test('it is nested beyond reason', () => {
    const deep = JSON.parse(`${'['.repeat(60_000)}${']'.repeat(60_000)}`);
    expect(answer({ reviews: { results: [{ deep }] } }).parts.lost).toEqual(['reviews']);
  });
});

test('what is no row is left out of a list, and rows stay as they are', () => {
  const cast = [null, 5, { id: null, name: 'Nameless' }, 'x', { id: 2, name: 'Two' }];
  expect(textOf({ credits: { cast, crew: [] } }, 'credits')).toBe(
    JSON.stringify({ cast: [cast[2], cast[4]], crew: [] }),
  );
});

test('NUL and lone surrogates are cleaned from all texts and keys, and only they', () => {
  const title = 'a\0b\ud83dc\ude00 🎬 \\u0000 \\ud83d';
  const results = { 'U\0S': { link: title, pair: '\ud83c\udfac' } };
  expect(JSON.parse(textOf({ 'watch/providers': { results } }, 'watch/providers') ?? '')).toEqual({
    results: { US: { link: 'ab\ufffdc\ufffd 🎬 \\u0000 \\ud83d', pair: '🎬' } },
  });
});

test('a title or an id that is missing still makes the whole answer no movie', () => {
  for (const patch of [{ id: 7002 }, { title: null }, { genres: {} }]) expect(() => answer(patch)).toThrow();
  for (const json of [null, [], 'text', 5]) expect(() => parseDetails(json, 7001)).toThrow();
});

test('translations and titles are taken from their parts', () => {
  const data = { title: '', overview: '', tagline: '', homepage: '', runtime: 0 };
  const row = (iso_639_1: string, iso_3166_1: string, more: Record<string, unknown> = {}) => ({
    iso_639_1,
    iso_3166_1,
    name: '',
    english_name: '',
    data: { ...data, ...more },
  });
  const translations = [
    row('de', 'DE', { title: 'Titel', homepage: 'javascript:alert(1)', runtime: 98 }),
    row('de', 'DE', { title: 'Zweimal' }),
    row('fr', 'FR'),
    row('qq', 'FR', { title: 'No language' }),
    row('pt', '', { title: 'No country' }),
    { iso_639_1: 'es', iso_3166_1: 'ES' },
    row('da', 'DK', { overview: 'Kun det' }),
  ];
  const titles = [
    { iso_3166_1: 'CA', title: 'Une belle', type: '' },
    { iso_3166_1: 'CA', title: 'Une belle', type: 'again' },
    { iso_3166_1: '??', title: 'Somewhere', type: 'short' },
    { iso_3166_1: 'CA', title: '' },
  ];
  const movie = answer({ translations: { translations }, alternative_titles: { titles } });
  const none = { title: null, overview: null, tagline: null, homepage: null, runtime: null };
  expect(movie.translations).toEqual([
    { language: 'de-DE', ...none, title: 'Titel', runtime: 98 },
    { language: 'da-DK', ...none, overview: 'Kun det' },
  ]);
  expect(movie.alternative_titles).toEqual([
    { country: 'CA', title: 'Une belle', type: null },
    { country: null, title: 'Somewhere', type: 'short' },
  ]);
});
