import { expect, test } from 'bun:test';
import { sql } from '#shared/db/sql.ts';
import { plannedOnce } from './planned-once.ts';

test('one text has one name, whatever its values; numbers are a part of the text', () => {
  const plan = plannedOnce('test');
  const statement = (word: string, most: number) => plan(sql`select ${word} limit ${most}`);
  expect<unknown>(statement('a', 3)).toEqual({
    name: statement('b', 3).name,
    text: 'select $1 limit 3',
    values: ['a'],
  });
  expect(statement('a', 3).name).toStartWith('api-test-');
  expect(statement('a', 4).name).not.toBe(statement('a', 3).name);
});

test('of too many texts the later ones have no name, and the earlier ones keep theirs', () => {
  const plan = plannedOnce('test');
  const statement = (most: number) => plan(sql`select ${most}`);
  const names = Array.from({ length: 100 }, (_, n) => statement(n).name);
  expect(names.filter((name) => name !== undefined)).toHaveLength(8);
  expect(names.at(-1)).toBeUndefined();
  expect(Array.from({ length: 100 }, (_, n) => statement(n).name)).toEqual(names);
});
