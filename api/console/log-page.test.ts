import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { openAccount, type TestAccount } from '#tests/support/api/account-fixture.ts';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';
import { emptyTables } from '#tests/support/empty-tables.ts';

let api: TestApi;
let admin: TestAccount;
beforeAll(async () => {
  api = await openTestApi({ config: { rateLimit: false } });
});
afterAll(() => api[Symbol.asyncDispose]());
beforeEach(async () => {
  await emptyTables(api.pool, 'users', 'security_events');
  admin = await openAccount(api, { role: 'admin' });
});

const put = (event: string, outcome: string, detail: string | null, count = 1) =>
  api.pool.query(
    `insert into security_events (at, event, outcome, user_id, address_key, detail)
     select now() - n * interval '1 second', $1, $2, 'deleted-x', 'key', $3 from generate_series(1, $4::int) n`,
    [event, outcome, detail, count],
  );
const open = async (path: string) => {
  const answer = await api.get(path, admin.console);
  return { status: answer.status, text: await answer.text() };
};
const rowsOf = (text: string) => (text.match(/<tr><th scope="row">/g) ?? []).length;

describe('the page of the security log', () => {
  test('shows what was asked for, and nothing of it as HTML', async () => {
    await put('login', 'refused', '<script>alert(1)</script>');
    await put('lock', 'done', null);
    const all = await open('/admin/log?event=&outcome=&user_id=&address_key=');
    expect([all.status, rowsOf(all.text)]).toEqual([200, 2]);
    expect(all.text).toContain('&lt;script&gt;');
    expect(all.text).not.toMatch(/<script(?! defer src="\/admin\/assets\/)/);
    const refused = await open('/admin/log?event=login&outcome=refused');
    expect([rowsOf(refused.text), refused.text.includes('1 found')]).toEqual([1, true]);
    expect(rowsOf((await open('/admin/log?user_id=deleted-x')).text)).toBe(2);
    expect(rowsOf((await open('/admin/log?address_key=other')).text)).toBe(0);
  });

  test('passes over what nobody could have meant', async () => {
    await put('lock', 'done', null);
    for (const query of [
      'event=x',
      'page=0',
      'page=9999',
      'limit=x',
      'user_id=%3Cb%3E',
      'event=lock&event=login',
    ])
      expect([query, (await open(`/admin/log?${query}`)).status]).toEqual([query, 200]);
  });

  test('leads from page to page, with its filters', async () => {
    await put('login', 'refused', null, 45);
    await put('lock', 'done', null, 45);
    const linkOf = (text: string, words: string) =>
      new RegExp(`href="(/admin/log[^"]*)">${words}`).exec(text)?.[1]?.replaceAll('&amp;', '&') ?? '';
    const first = await open('/admin/log?event=login');
    expect(linkOf(first.text, 'Newer')).toBe('');
    const second = await open(linkOf(first.text, 'Older'));
    const third = await open(linkOf(second.text, 'Older'));
    expect([first, second, third].map(({ text }) => rowsOf(text))).toEqual([20, 20, 5]);
    expect(linkOf(third.text, 'Older')).toBe('');
    expect((await open(linkOf(third.text, 'Newer'))).text).toBe(
      (await open('/admin/log?event=login&page=2')).text,
    );
  });

  test('is for administrators, and linked from the console', async () => {
    const user = await openAccount(api);
    expect((await api.get('/admin/log', user.console)).status).toBe(403);
    expect((await api.get('/admin/log')).status).toBe(401);
    expect((await open('/admin')).text).toContain('<a href="/admin/log">');
  });
});
