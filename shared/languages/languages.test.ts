import { describe, expect, test } from 'bun:test';
import { isKept, videoLanguagesOf } from './kept-languages.ts';
import { parseLanguage, tagOf } from './language.ts';

const tag = (text: string) => {
  const language = parseLanguage(text);
  return language && tagOf(language);
};

test.each([
  ['de', 'de-DE'],
  ['it', 'it-IT'],
  ['pt', 'pt-PT'],
  ['zh', 'zh-CN'],
  ['es', 'es-ES'],
  ['en', 'en-US'],
  ['ja', 'ja-JP'],
  ['ar', 'ar-SA'],
  ['cn', 'cn-CN'],
  ['DE_at', 'de-AT'],
  [' fr-ca ', 'fr-CA'],
])('%s is %s', (text, expected) => {
  expect(tag(text)).toBe(expected);
});

test.each([['qq'], ['de-ZZ'], ['xx'], ['deu'], ['de-'], ['d'], [''], ['de-DE-x'], ['de\0'], ['../de']])(
  '%j is no language',
  (text) => {
    expect(parseLanguage(text)).toBeUndefined();
  },
);

describe('the kept languages', () => {
  test('with a country keep only that, and without one all countries', () => {
    const kept = ['de-DE', 'fr'];
    const all = ['de-DE', 'de-AT', 'fr-FR', 'fr-CA', 'en-US'];
    expect(all.filter((language) => isKept(kept, language))).toEqual(['de-DE', 'fr-FR', 'fr-CA']);
    expect(all.filter((language) => isKept('all', language))).toEqual(all);
  });

  test('are asked for in videos, each once and at most forty', () => {
    expect(videoLanguagesOf(['de-DE', 'de-AT', 'fr'])).toEqual(['de', 'fr']);
    for (const kept of [
      'all',
      'aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch cn co cr cs cu cv cy da de dv dz ee el en eo'.split(
        ' ',
      ),
    ] as const) {
      const asked = videoLanguagesOf(kept);
      expect(asked).toHaveLength(40);
      expect(new Set(asked).size).toBe(40);
      expect(asked.every((code) => parseLanguage(code) !== undefined)).toBe(true);
    }
  });
});
