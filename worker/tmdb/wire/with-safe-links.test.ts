import { expect, test } from 'bun:test';
import { hasSafeLinks, withSafeLinks } from './with-safe-links.ts';

const cleaned = (value: unknown) => (hasSafeLinks(JSON.stringify(value)) ? value : withSafeLinks(value));

test.each([
  { homepage: 'https://example.org/a?b=c' },
  { homepage: 'HTTP://example.org' },
  { homepage: '' },
  { homepage: null },
  { homepage: 'www.example.org' },
  { link: '//example.org/watch', url: 'https://example.org/review' },
  { poster_path: '/a_b-c.jpg', backdrop_path: null, logo_path: '/l.svg' },
  { author_details: { avatar_path: '/https://example.org/avatar/x.jpg' } },
  { external_ids: { facebook_id: 'pages/Ann/12', youtube_id: '@ann', imdb_id: '' } },
  {
    results: [
      { site: 'YouTube', key: 'abc_-9' },
      { key: 'no video', name: 'x' },
    ],
  },
  { overview: 'javascript:alert(1) "homepage":"javascript:" <b>' },
])('%j stays as it is', (value) => {
  expect(cleaned(value)).toEqual(value);
});

test.each([
  'javascript:alert(1)',
  ' JavaScript:alert(1)',
  'java\tscript:alert(1)',
  'java\0script:alert(1)',
  '\u0001javascript:alert(1)',
  'data:text/html,<script>',
  'vbscript:x',
  'file:///etc/passwd',
])('%j is no address, however deep it stands', (text) => {
  const [homepage, rest] = [text, { title: 'x', runtime: 1 }];
  expect(
    cleaned({ homepage, list: [{ data: { homepage, ...rest } }], results: { DE: { link: text } } }),
  ).toEqual({
    homepage: '',
    list: [{ data: { homepage: '', ...rest } }],
    results: { DE: { link: '' } },
  });
});

test('pictures, ids and keys of videos that lead elsewhere are left out', () => {
  const path = '/../../evil.jpg';
  expect(
    cleaned({
      ...{ poster_path: path, backdrop_path: '/a.jpg"onerror="', still_path: 'a.jpg' },
      images: { posters: [{ file_path: '//evil.test/a.jpg', width: 1 }] },
      ...{ imdb_id: 'tt1"><script>', external_ids: { twitter_id: 'a b', wikidata_id: 'Q1' } },
      videos: {
        results: [
          { site: 'YouTube', key: '"><script>' },
          { site: 'Vimeo', key: '12' },
        ],
      },
    }),
  ).toEqual({
    ...{ poster_path: null, backdrop_path: null, still_path: null },
    images: { posters: [{ file_path: null, width: 1 }] },
    ...{ imdb_id: null, external_ids: { twitter_id: null, wikidata_id: 'Q1' } },
    videos: { results: [{ site: 'Vimeo', key: '12' }] },
  });
});
