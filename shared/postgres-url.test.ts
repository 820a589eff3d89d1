import { expect, test } from 'bun:test';
import { hostNames, readPostgresUrl } from './postgres-url.ts';

test.each([
  ['postgresql://u:p@a:5432,b:5433/db', 'a:5432, b:5433', 'postgresql://u:p@b:5433/db'],
  ['postgresql://u:p@a,b/db?sslmode=require', 'a:5432, b:5432', 'postgresql://u:p@b:5432/db?sslmode=require'],
  ['postgres://u@/db?host=a:5432&host=b:5433', 'a:5432, b:5433', 'postgres://u@b:5433/db'],
  ['postgresql:///db?host=a,b&port=1,2', 'a:1, b:2', 'postgresql://b:2/db'],
  ['postgresql:///db?host=a,b&port=7', 'a:7, b:7', 'postgresql://b:7/db'],
  ['postgresql://u@[::1]:5,[::2]:6/db', '[::1]:5, [::2]:6', 'postgresql://u@[::2]:6/db'],
  ['postgresql://u@a,b/db?target_session_attrs=read-write', 'a:5432, b:5432', 'postgresql://u@b:5432/db'],
])('%s names several servers', (text, names, second) => {
  const url = readPostgresUrl(text);
  expect(url).toMatchObject({ database: 'db', writable: true });
  expect(url && hostNames(url)).toBe(names);
  expect(url?.hosts[1] && url.at(url.hosts[1])).toBe(second);
});

test.each([
  'postgres://h/d',
  'postgresql://u:p%40@h:1/d?sslmode=require',
  'postgresql://u@localhost:5/d?host=%2Ftmp',
])('%s names one server and is left as it is', (text) => {
  const url = readPostgresUrl(text);
  expect(url?.hosts).toHaveLength(1);
  expect(url?.writable).toBe(false);
  expect(url?.hosts[0] && url.at(url.hosts[0])).toBe(text);
});

test('one server of which writes are asked is asked', () => {
  expect(readPostgresUrl('postgres://h/d?target_session_attrs=primary')?.writable).toBe(true);
  expect(readPostgresUrl('postgres://a,b/d?target_session_attrs=any')?.writable).toBe(false);
});

test.each([
  'mysql://h/d',
  'postgres://a:x,b/d',
  'postgres://a:99999,b/d',
  'postgres://a,/d',
  'postgres://a,b/%zz',
  'nonsense',
  'postgres://a,b/d?target_session_attrs=standby',
])('%s is none', (text) => {
  expect(readPostgresUrl(text)).toBeUndefined();
});
