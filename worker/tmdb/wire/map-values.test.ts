import { expect, test } from 'bun:test';
import { webAddress } from '#shared/web-address.ts';
import { calendarDate, imagePath, imdbId, isVideoKey } from './map-values.ts';

test.each([
  'http://example.org',
  'https://example.org/a?b=c#d',
  'HTTPS://Example.org/ü',
  'https://example.org:8443/%20',
])('%s is an address of the web', (text) => {
  expect(webAddress(text)).toBe(text);
});

test.each([
  null,
  'javascript:alert(1)',
  'JaVaScRiPt://example.org/%0aalert(1)',
  ' javascript:alert(1)',
  'java\tscript:alert(1)',
  'data:text/html,<script>',
  'vbscript:x',
  'file:///etc/passwd',
  'ftp://example.org',
  '//example.org',
  '/relative',
  'www.example.org',
  'https:example.org',
  'https://',
  'https://user:secret@example.org',
  'https://example.org@evil.test',
  'https://example.org\\@evil.test',
  'https://example.org/\u202egpj',
  'https://example.org/ a',
  'https://example.org/"onclick="',
  `https://example.org/${'a'.repeat(3000)}`,
])('%j is none', (text) => {
  expect(webAddress(text)).toBeNull();
});

test('an image is the name of a file', () => {
  for (const path of ['/kqjL17yufvn9OVLyXYpvtyrFfak.jpg', '/a_b-c.svg', '/p.png'])
    expect(imagePath(path)).toBe(path);
  for (const path of [
    ...['', '/', 'a.jpg', '//evil.test/a.jpg', '/../a.jpg', '/a/b.jpg', '/a.jpg?x', '/a.jpg#x', '/a b.jpg'],
    ...['/..', '/a\\b.jpg', '/a.jpg\n', '/%2e%2e.jpg', '@evil.test/a.jpg', '/ä.jpg', `/${'a'.repeat(255)}`],
  ])
    expect([path, imagePath(path)]).toEqual([path, null]);
});

test('an id of IMDb has seven to nine digits, and the first good one counts', () => {
  expect(imdbId('tt0137523', null)).toBe('tt0137523');
  expect(imdbId('nm0000093', 'tt123456789')).toBe('tt123456789');
  for (const text of [
    'tt123456',
    'tt1234567890',
    'TT0137523',
    'tt0137523/',
    ' tt0137523',
    'tt０１３７５２３',
    '',
  ])
    expect([text, imdbId(text)]).toEqual([text, null]);
});

test('a video is known by letters, digits and dashes', () => {
  for (const key of ['dQw4w9WgXcQ', '_-abc', '76979871']) expect(isVideoKey(key)).toBe(true);
  for (const key of ['', 'a/b', 'a?b', '"><script>', 'a b', '../x', 'ä', 'a'.repeat(65)])
    expect([key, isVideoKey(key)]).toEqual([key, false]);
});

test('a date is one that the calendar has, of all that could be written', () => {
  const written = (n: number) => String(n).padStart(2, '0');
  const isDate = (text: string) =>
    !Number.isNaN(Date.parse(text)) && new Date(text).toISOString().startsWith(text);
  for (const year of [1800, 1900, 2000, 2023, 2024])
    for (let month = 0; month <= 13; month++)
      for (let day = 0; day <= 32; day++) {
        const text = `${year}-${written(month)}-${written(day)}`;
        if ((calendarDate(text) !== null) !== isDate(text)) expect(text).toBe('judged as the calendar does');
      }
  expect(calendarDate('2024-02-29')).toBe('2024-02-29');
});
