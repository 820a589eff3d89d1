import { expect, test } from 'bun:test';
import { acceptedLanguage, createAskedLocale } from './asked-locale.ts';
import { picturesAt } from './picture-base.ts';

test.each([
  ['de', 'de-DE'],
  ['de-AT', 'de-AT'],
  ['DE-at', 'de-AT'],
  ['fr;q=0.5, de;q=0.9, en;q=0.1', 'de-DE'],
  ['fr;q=0.5,de;q=0.5', 'fr-FR'],
  ['qq, *;q=0.9, it;q=0.3', 'it-IT'],
  ['xx-YY, pt-BR;q=0.7', 'pt-BR'],
  ['de;q=0, ja', 'ja-JP'],
  ['zh-Hant-TW', 'zh-TW'],
  ['zh-Hant', 'zh-TW'],
  ['sr-Latn-RS, en;q=0.5', 'sr-RS'],
  ['es-419,es;q=0.9', 'es-ES'],
  ['en-QQ, es;q=0.1', 'es-ES'],
  ['  de ; q=0.4 , nl ; q = 0.8', 'nl-NL'],
  ['', undefined],
  ['*', undefined],
  ['nonsense', undefined],
  [';;;,,q=1', undefined],
  ['de;q=2', undefined],
  ['qq', undefined],
])('of %p the language is %p', (header, language) => {
  expect(acceptedLanguage(header)).toBe(language as string);
});

test('of a very long header the first entries are read', () => {
  expect(acceptedLanguage(`${'qq,'.repeat(49)}de`)).toBe('de-DE');
  expect(acceptedLanguage(`${'qq,'.repeat(100_000)}de`)).toBeUndefined();
  expect(acceptedLanguage('a'.repeat(1_000_000))).toBeUndefined();
});

test('the query counts before the header, the header before the default; the query before the profile', () => {
  const pictures = picturesAt('https://images.test/t/p');
  const localeOf = createAskedLocale(
    {
      languages: 'all',
      defaultLanguage: 'en-GB',
      regions: ['GB'],
      defaultRegion: 'GB',
    },
    () => pictures,
  );
  const request = new Request('http://x.test', { headers: { 'accept-language': 'de' } });
  const plain = new Request('http://x.test');
  expect(localeOf({ request: plain })).toEqual({
    language: 'en-GB',
    region: 'GB',
    datesOf: undefined,
    pictures,
  });
  expect(localeOf({ request }).language).toBe('de-DE');
  expect(localeOf({ request, query: { language: 'fr-CA' } }).language).toBe('fr-CA');
  expect(localeOf({ request, viewer: { country: 'AT' } })).toEqual({
    language: 'de-DE',
    region: 'AT',
    datesOf: 'AT',
    pictures,
  });
  expect(localeOf({ request, viewer: { country: 'AT' }, query: { region: 'FR' } }).region).toBe('FR');
});
