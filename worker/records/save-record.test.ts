import { afterAll, beforeAll, expect, test } from 'bun:test';
import type { Database } from '#shared/orm/database.ts';
import { readRecordParts } from '#shared/records/stored-records.ts';
import { testDatabase } from '#tests/support/database.ts';
import { jobContext } from '#tests/support/job-context.ts';
import { openSandboxClient } from '#tests/support/sandbox-client.ts';
import { noCounts } from '#worker/runner/handler.ts';
import { parseRecord } from '#worker/tmdb/wire/parse-record.ts';
import { claimRecords, noteChangedRecords } from './claim-records.ts';
import { recordAbsence } from './record-absence.ts';
import { saveRecord } from './save-record.ts';
import { syncRecords } from './sync-records.ts';

let database: Database;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

const film = (id: number) => ({
  id,
  title: `Film ${id}`,
  original_title: `Film ${id}`,
  overview: 'What happens.',
  genre_ids: [],
  release_date: `${1950 + (id % 70)}-01-01`,
  poster_path: null,
  adult: false,
});
const answerOf = (id: number, films: number) => ({
  id,
  name: `Person ${id}`,
  biography: 'Worked a lot.',
  known_for_department: 'Acting',
  popularity: 3,
  profile_path: '/p.jpg',
  movie_credits: {
    cast: Array.from({ length: films }, (_, n) => ({
      ...film(1000 + n),
      character: `Part ${n}`,
      credit_id: `cast-${id}-${n}`,
      order: n,
    })),
    crew: [
      { ...film(1), department: 'Directing', job: 'Director', credit_id: `crew-${id}` },
      { id: 'broken' },
    ],
  },
  combined_credits: { cast: [], crew: [] },
  images: { profiles: [] },
  external_ids: { imdb_id: 'nm1' },
  translations: { translations: [] },
});
const now = new Date();
const save = (id: number, films: number) =>
  saveRecord(database.orm.em.fork(), parseRecord('person', answerOf(id, films), id), now);
const count = async (text: string) =>
  (await database.pool.query(`select count(*)::int as n ${text}`)).rows[0].n;

test('a person of 2,000 films is kept whole, and a second time nothing changes', async () => {
  const startedMs = performance.now();
  expect(await save(1, 2000)).toBe('created');
  expect(performance.now() - startedMs).toBeLessThan(60_000);
  expect(await count('from person_credits where person_id = 1')).toBe(2001);
  expect(await count("from movies where state = 'listed' and scope is null")).toBe(2001);
  expect(await save(1, 2000)).toBe('unchanged');
  expect(await save(1, 1999)).toBe('updated');
  expect(await count('from person_credits where person_id = 1')).toBe(2000);
  const kept = await readRecordParts(database.pool, {
    kind: 'person',
    id: 1,
    parts: ['details', 'movie_credits'],
  });
  expect(JSON.parse(kept?.texts.details ?? '')).toEqual(
    expect.objectContaining({ id: 1, biography: 'Worked a lot.' }),
  );
  expect(JSON.parse(kept?.texts.movie_credits ?? '').crew).toHaveLength(2);
});

test('an answer about somebody else, or of another shape, is refused', () => {
  expect(() => parseRecord('person', answerOf(2, 0), 1)).toThrow();
  for (const broken of [
    null,
    [],
    { id: 1 },
    { ...answerOf(1, 0), movie_credits: 7 },
    { ...answerOf(1, 0), images: 'x' },
  ])
    expect(() => parseRecord('person', broken, 1)).toThrow();
});

test('texts that the database cannot hold are cleaned', async () => {
  const answer = { ...answerOf(3, 0), biography: 'a\u0000b', name: 'N\u0000N' };
  await saveRecord(database.orm.em.fork(), parseRecord('person', answer, 3), now);
  expect(await count("from people where id = 3 and name = 'NN'")).toBe(1);
});

test('what TMDb has changed is asked about first, then the oldest, and nothing twice in a run', async () => {
  await database.pool.query('truncate records cascade');
  for (const id of [11, 12, 13]) await save(id, 0);
  await database.pool.query("update records set fetched_at = now() - interval '20 days' where id = 12");
  const on = database.orm.em.fork().getKysely();
  const later = () => new Date(Date.now() + 1000);
  expect(await noteChangedRecords(on, 'person', [13, 99], { now: later() })).toBe(1);
  const since = new Date();
  const ids = async () => (await claimRecords(on, { since, now: later(), limit: 1 })).map(({ id }) => id);
  expect([await ids(), await ids(), await ids()]).toEqual([[13], [12], []]);
});

test('one of many may go within a day, and no wave of them', async () => {
  await database.pool.query('truncate records cascade');
  await database.pool.query(
    "insert into records (kind, id, state, fetched_at, first_absent_at, last_absent_at) select 'person', n, 'detailed', now(), now() - interval '2 days', now() - interval '1 day' from generate_series(1, 40) n",
  );
  const on = database.orm.em.fork().getKysely();
  const outcomes: string[] = [];
  for (const id of [1, 2, 3]) outcomes.push(await recordAbsence(on, { kind: 'person', id }, new Date()));
  expect(outcomes).toEqual(['gone', 'gone', 'refused']);
});

test('people whom TMDb says it has changed are asked about, once for each change', async () => {
  await using upstream = await openSandboxClient(database.pool, 200);
  await database.pool.query('truncate records, change_feeds cascade');
  const { tmdb, sandbox } = upstream;
  const context = jobContext(database, { tmdb });
  const run = async () => {
    sandbox.resetStats();
    await syncRecords({ trigger: 'schedule' }, { ...context, counts: noCounts() });
    return sandbox.requests().map(({ target }) => target.replace(/\?.*/, ''));
  };
  expect(await run()).toEqual([]);
  const norton = 819;
  await saveRecord(
    database.orm.em.fork(),
    await tmdb.record('person', norton, { signal: new AbortController().signal }),
    now,
  );
  await database.pool.query("update records set fetched_at = now() - interval '2 days'");
  expect(await run()).toEqual(['/person/changes']);
  sandbox.override(550, { title: 'Fight Club, again' });
  expect(await run()).toEqual(['/person/changes', `/person/${norton}`]);
  expect(await run()).toEqual(['/person/changes']);
  expect(await count("from records where changed_at > now() - interval '1 minute'")).toBe(1);
});
