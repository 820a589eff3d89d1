import { expect, test } from 'bun:test';
import { translateJson } from './translate-json.ts';

type Row = Record<string, unknown>;
const said = { title: 'Der "Titel"', overview: 'So\\ist es, {"id":7}.', poster_path: null };
const of = (...ids: number[]) => new Map(ids.map((id) => [id, said]));

/** What looks like the JSON around it, in texts. */
const odd = [
  '"',
  '\\',
  '\\"',
  '},{"id":1',
  ',"title":"x"',
  '"overview":null',
  '{',
  '}',
  '[',
  'é',
  '日本',
  '\n',
  '',
];
const oddText = (n: number) => [odd[n % 13], odd[(n * 5 + 3) % 13], odd[(n * 7 + 1) % 13]].join('');
const rowOf = (n: number): Row => ({
  ...(n % 2 > 0 ? { poster_path: n % 3 > 0 ? `/${n}.jpg` : null } : {}),
  id: n % 40,
  title: oddText(n),
  ...{ genre_ids: [n, 1], character: oddText(n + 1), overview: n % 5 > 0 ? oddText(n + 2) : null, order: n },
});
const translatedRow = (row: Row, ids: Map<number, typeof said>): Row => {
  const found = ids.get(row.id as number);
  if (found === undefined) return row;
  const { poster_path, ...texts } = found;
  return { ...row, ...texts, ...('poster_path' in row ? { poster_path } : {}) };
};

test('rows are as if they had been read, changed and written, whatever their texts look like', async () => {
  const all = Array.from({ length: 200 }, (_, n) => rowOf(n));
  for (const known of [of(), of(3), of(3, 4, 5, 6, 7, 17, 39)]) {
    const asked: number[][] = [];
    const translated = await translateJson(
      JSON.stringify({ cast: all.slice(20), crew: all.slice(0, 20) }),
      async (ids) => {
        asked.push(ids.filter((id) => id > 0));
        return known;
      },
    );
    expect(new Set(asked.flat())).toEqual(new Set(Array.from({ length: 39 }, (_, n) => n + 1)));
    const expected = all.map((row) => translatedRow(row, known));
    expect(translated).toBe(JSON.stringify({ cast: expected.slice(20), crew: expected.slice(0, 20) }));
  }
});

test.each<[string, Row]>([
  ['holds an object', { id: 1, title: 'x', overview: 'y', more: { id: 2 } }],
  ['has no overview', { id: 1, title: 'x' }],
  ['has a name and no title', { id: 1, name: 'x', overview: 'y' }],
  ['has a title that is no text', { id: 1, title: 7, overview: 'y' }],
])('a row that %s has to be read whole', async (_, row) => {
  expect(await translateJson(JSON.stringify({ cast: [row], crew: [] }), async () => of(1))).toBeUndefined();
});
