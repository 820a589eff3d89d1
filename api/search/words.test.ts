import { expect, test } from 'bun:test';
import { editedWords } from '#shared/search/edited-words.ts';
import { testDatabase } from '#tests/support/database.ts';
import { type AskedWords, readAskedTitle, readAskedWords } from './asked-words.ts';
import { exactQuery, indexedMatch, isSurelyRare, matchOf, matchQuery } from './match-query.ts';
import { readNearWords } from './near-words.ts';

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

test('of hundreds of characters that are words of their own the first sixty count, and the exact title whole', async () => {
  await using database = await testDatabase();
  const { pool } = database;
  const text = String.fromCodePoint(...Array.from({ length: 100 }, (_, at) => 0x4e00 + at));
  const partsOf = ({ pieces }: AskedWords) => pieces.flat().length;
  const asked = await readAskedWords(pool, text);
  expect(partsOf(asked)).toBe(60);
  expect(Array.from(asked.whole).length).toBe(101);
  expect(partsOf(await readAskedWords(pool, `${text} ${text}`))).toBe(60);
  const { readings } = await readAskedTitle(pool, `${text.slice(0, 40)} ${text.slice(40)}`);
  expect(readings[0].pieces.map((parts) => parts.length)).toEqual([40, 20]);
});

test('a word that is longer than all words that are kept was none of them', async () => {
  await using database = await testDatabase();
  const { pool } = database;
  await pool.query('insert into title_words (word, writer) values ($1, 0)', ['extraordinary'.repeat(2)]);
  const nearOf = async (text: string) => [
    ...(await readNearWords(pool, 'title_words', await readAskedWords(pool, text))).values(),
  ];
  expect(await nearOf(`${'extraordinary'.repeat(2)}x`)).toEqual([['extraordinary'.repeat(2)]]);
  expect(await nearOf('extraordinary'.repeat(4))).toEqual([]);
});

test('a part that a word has twice is looked for once', () => {
  const [term = ''] = matchOf(asked(Array.from({ length: 20 }, () => ['the', 'matrix']).flat())).all;
  expect(term.match(/'matrix'/g)).toHaveLength(1);
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

test('a match is surely rare where one of its words is none of the common ones, nor begins one', () => {
  const shares = new Map([
    ['night', 0.01],
    ['carnival', 0.002],
    ['=thenightofthe', 0.001],
  ]);
  const common = { movie_titles: { rows: 1_000_000, shares } };
  const isRare = (pieces: string[][]) => isSurelyRare(matchOf(asked(...pieces)), 'movie_titles', common);
  for (const pieces of [
    [['qwertyuiop']],
    [['qwertz'], ['night']],
    [['night'], ['zxcvb']],
    [['\\'.repeat(30)]],
  ])
    expect([pieces, isRare(pieces)]).toEqual([pieces, true]);
  // So few letters begin many words, and many titles.
  for (const pieces of [
    [['zx']],
    [['night'], ['zx']],
    [['qwertz']],
    [['night'], ['carn']],
    [['the'], ['nightofthe']],
  ])
    expect([pieces, isRare(pieces)]).toEqual([pieces, false]);
  expect(isSurelyRare(matchOf(asked(['qwertyuiop'])), 'movie_titles', {})).toBe(false);
});
