import { afterAll, beforeAll, expect, test } from 'bun:test';
import { createLog } from '#shared/log.ts';
import { migrateDatabase, openDatabase, openReadPool } from '#shared/orm/database.ts';
import { openTestApi } from '#tests/support/api/api-fixture.ts';
import { putMovie, putSnapshot } from '#tests/support/api/movie-fixture.ts';
import { openPostgresPair, type PostgresPair } from '#tests/support/postgres-pair.ts';
import { until } from '#tests/support/until.ts';
import { openReplica } from './lagging-reads.ts';
import { openNoticeHub } from './notice-hub.ts';

const log = createLog({ level: 'silent', name: 'test' });
let pair: PostgresPair;
beforeAll(async () => {
  pair = await openPostgresPair();
}, 60_000);
afterAll(() => pair?.[Symbol.asyncDispose]());

test('public reads go to the replica, what is missing there to the primary, and all to the primary when it is far', async () => {
  await using database = await openDatabase({ url: pair.url() });
  await migrateDatabase(database);
  const { pool } = database;
  const readUrl = `postgresql://${pair.user}@127.0.0.1:${pair.standby.port}/${pair.user}`;
  await using notices = await openNoticeHub(database, log);
  await using replica = openReplica({ pool, replica: openReadPool(readUrl), log, mostLagMs: 3000 });
  const hub = replica.echo(notices);
  await using api = await openTestApi({ database, hub, reads: replica, config: { rateLimit: false } });
  const genres = async () =>
    ((await (await api.get('/api/genres')).json()) as { data: { name: string }[] }).data.map(
      ({ name }) => name,
    );
  const titleOf = async (id: number) =>
    ((await (await api.get(`/api/movies/${id}`)).json()) as { data?: { title: string } }).data?.title;
  const tell = (notice: object) =>
    pool.query("select pg_notify('nexus_notices', $1)", [JSON.stringify(notice)]);
  const countStandbyReads = async () =>
    Number(
      (
        await pair.standby.query(
          "select count(*)::int as n from pg_stat_activity where application_name = 'nexus' and query like '%list_snapshots%'",
        )
      )[0]?.n,
    );

  await pool.query("insert into genres (id, name, listed) values (1, 'Western', true)");
  await putSnapshot(pool, 'genres', 1, new Date());
  await putMovie(pool, { tmdbId: 550, title: 'Old' });
  await until(() => replica.isFit);
  await until(async () => (await pair.standby.query('select 1')).length === 1);
  expect(await genres()).toEqual(['Western']);
  expect(await countStandbyReads()).toBeGreaterThan(0);
  expect(await titleOf(550)).toBe('Old');

  // The replica stands still: what it has is shown for some seconds, what it lacks comes from the primary.
  await pair.standby.query('select pg_wal_replay_pause()');
  await pool.query("update genres set name = 'Drama' where id = 1");
  await putMovie(pool, { tmdbId: 551, title: 'New' });
  await tell({ kind: 'list', name: 'genres' });
  await Bun.sleep(300);
  expect(replica.isFit).toBe(true);
  expect(await genres()).toEqual(['Western']);
  expect(await titleOf(551)).toBe('New');

  // Too far behind, it is left; and what was kept from it is forgotten.
  await until(() => !replica.isFit);
  await until(async () => (await genres())[0] === 'Drama');

  // Back again, with a change that is told before it has arrived there: the second telling drops what was kept.
  await pair.standby.query('select pg_wal_replay_resume()');
  await until(() => replica.isFit);
  await pair.standby.query('select pg_wal_replay_pause()');
  await pool.query("update genres set name = 'Comedy' where id = 1");
  await tell({ kind: 'list', name: 'genres' });
  await Bun.sleep(300);
  expect(await genres()).toEqual(['Drama']);
  await pair.standby.query('select pg_wal_replay_resume()');
  await until(async () => (await genres())[0] === 'Comedy');

  // One that dies costs nobody an answer.
  await pair.standby.kill();
  await pair.primary.query("alter system set synchronous_standby_names = ''");
  await pair.primary.query('select pg_reload_conf()');
  await tell({ kind: 'list', name: 'genres' });
  for (let turn = 0; turn < 20; turn++)
    expect((await api.get(`/api/movies?query=w${turn}`)).status).toBe(200);
  await until(() => !replica.isFit);
}, 90_000);
