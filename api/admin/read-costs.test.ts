import { afterAll, beforeAll, expect, spyOn, test } from 'bun:test';
import { openAccount, type TestAccount } from '#tests/support/api/account-fixture.ts';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';

const many = 3000;

let api: TestApi;
let admin: TestAccount;
beforeAll(async () => {
  api = await openTestApi({ config: { rateLimit: false } });
  admin = await openAccount(api, { role: 'admin' });
  await api.pool.query(
    `insert into sync_runs (id, job, trigger, status, queued_at, finished_at)
     select gen_random_uuid(), (array['genres', 'details', 'changes'])[1 + n % 3], 'schedule',
       case when n % 5 = 0 then 'failed' else 'succeeded' end, now() - n * interval '1 minute', now() - n * interval '1 minute'
     from generate_series(1, $1) n`,
    [many],
  );
  await api.pool.query(
    `insert into movie_merges (tmdb_id, into_tmdb_id, state, looked_at)
     select n, n + 1, 'proposed', now() from generate_series(1, $1) n`,
    [many],
  );
  await api.pool.query(
    "insert into movies (tmdb_id, title, state) select n, '', 'unknown' from generate_series(1, $1) n",
    [many],
  );
  await api.pool.query('vacuum analyze sync_runs, movie_merges, movies');
});
afterAll(() => api[Symbol.asyncDispose]());

interface Sent {
  text: string;
  values?: readonly unknown[];
}

/** What is sent to PostgreSQL while something is asked for. */
async function sentBy(ask: () => Promise<unknown>): Promise<Sent[]> {
  const sent = spyOn(api.database.pool, 'query');
  try {
    await ask();
    return sent.mock.calls
      .map(([asked]) => asked as unknown as Sent)
      .filter(({ text }) => text !== undefined);
  } finally {
    sent.mockRestore();
  }
}

interface Plan {
  'Node Type': string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  Plans?: Plan[];
}

/** How many rows the scans of a plan have looked at. */
const looked = (plan: Plan): number =>
  (plan['Node Type'].includes('Scan')
    ? (plan['Actual Rows'] + (plan['Rows Removed by Filter'] ?? 0)) * plan['Actual Loops']
    : 0) + (plan.Plans ?? []).reduce((sum, each) => sum + looked(each), 0);

async function rowsLookedAt({ text, values = [] }: Sent): Promise<number> {
  const { rows } = await api.pool.query(`explain (analyze, format json) ${text}`, [...values]);
  return looked(rows[0]['QUERY PLAN'][0].Plan);
}

/** The total of a list is counted, in an index as a rule. */
const isTotal = ({ text }: Sent) => text.trimStart().startsWith('select count(*)');

test.each([
  '/api/admin/overview',
  '/admin',
  '/api/admin/sync/runs',
  '/api/admin/sync/events',
  '/admin/events',
])('%s reads a few runs, however many there are', async (path) => {
  const leaving = new AbortController();
  const sent = await sentBy(() =>
    api.request(path, {
      headers: path.startsWith('/api/') ? admin.headers : admin.console,
      signal: leaving.signal,
    }),
  );
  leaving.abort();
  const reads = sent.filter((each) => each.text.includes('from sync_runs') && !isTotal(each));
  expect(reads.length).toBeGreaterThan(0);
  for (const read of reads) expect(await rowsLookedAt(read)).toBeLessThan(many / 5);
});

test.each(['/api/admin/merges', '/admin/merges'])(
  '%s looks up the titles of its page alone',
  async (path) => {
    const sent = await sentBy(() =>
      api.request(path, { headers: path.startsWith('/api/') ? admin.headers : admin.console }),
    );
    const reads = sent.filter(({ text }) => text.includes('movie_merges') && text.includes('movies'));
    expect(reads.length).toBeGreaterThan(0);
    for (const read of reads) expect(await rowsLookedAt(read)).toBeLessThan(many + 500);
  },
);
