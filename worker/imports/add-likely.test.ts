import { afterAll, beforeAll, expect, test } from 'bun:test';
import { testDatabase } from '#tests/support/database.ts';
import { addLikely, likelyStatement } from './add-likely.ts';
import type { PendingRow, Settled } from './import-row.ts';

const database = await testDatabase();
const { pool, orm } = database;
afterAll(() => database[Symbol.asyncDispose]());

/** All of them have one word, and the one that is called by it alone comes last. */
const namesakes = 3000;
beforeAll(async () => {
  await pool.query(
    `insert into movies (tmdb_id, title, original_title, state, release_date, fetched_at)
      select n, title, title, 'detailed', '1999-01-01', now()
      from generate_series(1, $1::int) n, lateral (values ('Lighthouse Story Number ' || n)) as named(title)`,
    [namesakes],
  );
  await pool.query(
    `insert into movies (tmdb_id, title, original_title, state, release_date, fetched_at)
      values ($1, 'Lighthouse', 'Lighthouse', 'detailed', '1999-01-01', now())`,
    [namesakes + 1],
  );
  await pool.query('vacuum analyze');
});

async function likelyOf(title: string): Promise<number[] | undefined> {
  const row: PendingRow = {
    ...{ line: 2, title, original_title: null, year: 1999, directors: null },
    ...{ given_tmdb_id: null, given_imdb_id: null },
  };
  const settled = new Map<number, Settled>([[2, { status: 'not_found', reason: { code: 'no_year' } }]]);
  await addLikely(orm.em.fork().getKysely(), [row], settled);
  const it = settled.get(2);
  return it?.status === 'not_found' ? it.candidates?.map(({ tmdb_id }) => tmdb_id) : undefined;
}

interface Node {
  'Relation Name'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  Plans?: Node[];
}

test('of a word that very many titles have few are compared, and the one that is called just so is among them', async () => {
  expect((await likelyOf('Lighthuose'))?.[0]).toBe(namesakes + 1);
  const wanted = { line: 2, year: 1999, folded: 'lighthuose', query: "'lighthouse'", whole: "'=lighthouse'" };
  const { text, values } = likelyStatement([wanted]);
  const { rows } = await pool.query(`explain (analyze, format json) ${text}`, [...values]);
  const nodesOf = (node: Node): Node[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)];
  const read = nodesOf(rows[0]['QUERY PLAN'][0].Plan)
    .filter((node) => node['Relation Name'] !== undefined)
    .map((node) => node['Actual Rows'] * node['Actual Loops']);
  expect(Math.max(...read)).toBeLessThan(namesakes / 4);
});

test('a word that is longer than any is looked for nowhere', async () => {
  expect(await likelyOf('lighthouse0'.repeat(40))).toBeUndefined();
  expect(await likelyOf(`${'lighthouse0'.repeat(40)} Story`)).toBeUndefined();
});
