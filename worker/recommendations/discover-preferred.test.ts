import { afterAll, afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { listenToNotices } from '#shared/db/notices.ts';
import { codeOf, NexusError } from '#shared/errors.ts';
import { createLog } from '#shared/log.ts';
import { testDatabase } from '#tests/support/database.ts';
import { emptyTables } from '#tests/support/empty-tables.ts';
import { jobContext } from '#tests/support/job-context.ts';
import { putUser } from '#tests/support/put-user.ts';
import { openSandboxClient } from '#tests/support/sandbox-client.ts';
import { until } from '#tests/support/until.ts';
import { type JobContext, noCounts } from '#worker/runner/handler.ts';
import { discoverPreferred } from './discover-preferred.ts';

const database = await testDatabase();
const { pool } = database;
const upstream = await openSandboxClient(pool, 1200);
const { sandbox, status, tmdb } = upstream;
const log = createLog({ level: 'silent', name: 'test' });
afterAll(async () => {
  await upstream[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

const drama = 18;
const western = 37;
const bradPitt = 287;

let userId = '';
beforeEach(async () => {
  userId = await putUser(pool);
});
afterEach(async () => {
  sandbox.misbehave([]);
  sandbox.resetStats();
  await emptyTables(pool, 'movies', 'users', 'genres', 'list_snapshots');
  await until(() => status.circuit === 'closed');
});

const tables = {
  genres: 'user_genre_preferences (user_id, genre_id, position)',
  actors: 'user_actor_preferences (user_id, person_id, position)',
};
async function prefer(lists: { genres?: number[]; actors?: number[] }, of = userId) {
  for (const list of ['genres', 'actors'] as const)
    await pool.query(
      `insert into ${tables[list]} select $1, id, place from unnest($2::int[]) with ordinality as it(id, place)`,
      [of, lists[list] ?? []],
    );
}
const run = (changes: Partial<JobContext> = {}, of = userId) =>
  discoverPreferred({ userId: of }, jobContext(database, { tmdb, ...changes }));
/** What TMDb was asked to discover: `genre 18 1`. */
const asked = () =>
  sandbox.requests().flatMap(({ target }) => {
    const [, kind, id, page] =
      /^\/discover\/movie\?with_(genres|cast)=(\d+).*&page=(\d+)$/.exec(target) ?? [];
    return kind === undefined ? [] : [`${kind === 'genres' ? 'genre' : 'actor'} ${id} ${page}`];
  });
const movies = async () =>
  (
    await pool.query(`
      select m.tmdb_id, m.state, m.scope, m.vote_count, m.adult,
        array(select genre_id from movie_genres g where g.movie_id = m.id) as genres
      from movies m order by m.vote_count desc, m.tmdb_id`)
  ).rows;
const lists = async () =>
  (await pool.query("select name, size from list_snapshots where name <> 'genres' order by name")).rows;

describe('movies of what a user prefers', () => {
  test('are taken in as listed, the best known of each to be filled', async () => {
    await prefer({ genres: [drama] });
    const counts = noCounts();
    await run({ counts });
    const taken = await movies();
    expect(taken).toHaveLength(40);
    expect(taken.every((movie) => movie.state === 'listed' && movie.genres.includes(drama))).toBe(true);
    expect(taken.map((movie) => movie.scope)).toEqual([...Array(20).fill(1), ...Array(20).fill(null)]);
    expect(taken.some((movie) => movie.adult)).toBe(false);
    expect(counts).toMatchObject({ seen: 40, created: 40, failed: 0 });
    expect(await lists()).toEqual([{ name: 'discover/genre/18', size: 40 }]);
  });

  test('come in the user’s order, a short list in one page', async () => {
    await prefer({ genres: [western, drama], actors: [bradPitt] });
    await run();
    expect(asked()).toEqual(['genre 37 1', 'genre 37 2', 'actor 287 1', 'genre 18 1', 'genre 18 2']);
    expect((await lists())[0]).toEqual({ name: 'discover/actor/287', size: 3 });
    expect((await movies()).map((movie) => movie.tmdb_id)).toContainValues([550, 807, 16_869]);
  });

  test('are told to those who keep them in mind', async () => {
    const told = new Set<number>();
    await using _listening = await listenToNotices({
      clientConfig: database.clientConfig,
      onNotice: (notice) => {
        if (notice.kind === 'movies') for (const id of notice.ids) told.add(id);
      },
      onGap: () => {},
      log,
    });
    await prefer({ actors: [bradPitt] });
    await run();
    await until(() => told.size === 3);
  });

  test('leave what is known better as it is', async () => {
    await pool.query(
      "insert into movies (tmdb_id, title, state, fetched_at) values (550, 'Kept', 'detailed', now())",
    );
    await prefer({ actors: [bradPitt] });
    await run();
    const { rows } = await pool.query('select title, state, scope from movies where tmdb_id = 550');
    expect(rows).toEqual([{ title: 'Kept', state: 'detailed', scope: 1 }]);
  });

  test('are sought for the first ten genres and twenty actors', async () => {
    const ids = (from: number, length: number) => Array.from({ length }, (_, n) => from + n);
    await prefer({ genres: ids(1_000_001, 12), actors: ids(2_000_001, 25) });
    await run();
    expect(asked().filter((one) => one.startsWith('genre'))).toHaveLength(10);
    expect(asked().filter((one) => one.startsWith('actor'))).toHaveLength(20);
    expect(asked()).not.toContain('genre 1000011 1');
    expect(asked()).not.toContain('actor 2000021 1');
  });
});

describe('nobody asks twice', () => {
  test('for what was taken in within a week, by whomever, be it empty', async () => {
    const nobody = 9_999_999;
    const other = await putUser(pool);
    await prefer({ genres: [western], actors: [nobody] });
    await prefer({ genres: [western], actors: [nobody, bradPitt] }, other);
    await run();
    await run();
    expect(asked()).toEqual(['genre 37 1', 'genre 37 2', 'actor 9999999 1']);
    sandbox.resetStats();
    const counts = noCounts();
    await run({ counts }, other);
    expect(asked()).toEqual(['actor 287 1']);
    expect(counts.seen).toBe(3);
  });

  test('and after a week again', async () => {
    await prefer({ actors: [bradPitt] });
    await run();
    const inDays = (days: number) => () => new Date(Date.now() + days * 86_400_000);
    await run({ now: inDays(6.9) });
    expect(asked()).toEqual(['actor 287 1']);
    await run({ now: inDays(7.1) });
    expect(asked()).toEqual(['actor 287 1', 'actor 287 1']);
  });
});

describe('the job', () => {
  test('ends quietly for a user who is gone, who prefers nothing, or who goes meanwhile', async () => {
    await run({}, Bun.randomUUIDv7());
    await run();
    expect(sandbox.requests()).toEqual([]);
    await prefer({ genres: [western, drama] });
    const deleting = async (...call: Parameters<typeof tmdb.discover>) => {
      await pool.query('delete from users where id = $1', [userId]);
      return tmdb.discover(...call);
    };
    await run({ tmdb: { ...tmdb, discover: deleting } });
    expect(asked()).toEqual(['genre 37 1', 'genre 37 2']);
  });

  test('looks after what is saved while it is under way', async () => {
    await prefer({ genres: [western] });
    let saved = false;
    const saving = async (...call: Parameters<typeof tmdb.discover>) => {
      if (!saved) await prefer({ actors: [bradPitt] });
      saved = true;
      return tmdb.discover(...call);
    };
    await run({ tmdb: { ...tmdb, discover: saving } });
    expect((await lists()).map(({ name }) => name)).toEqual(['discover/actor/287', 'discover/genre/37']);
  });

  test('waits where TMDb is down, keeps what it has, and goes on from there', async () => {
    await prefer({ genres: [western, drama] });
    const failing = async (...call: Parameters<typeof tmdb.discover>) => {
      if (call[0].genre === drama) sandbox.misbehave([{ kind: 'status-503' }]);
      return tmdb.discover(...call);
    };
    const trouble = async () => {
      const error = await run({ tmdb: { ...tmdb, discover: failing } }).catch((caught: unknown) => caught);
      return error instanceof NexusError ? [error.code, error.retryAfterMs !== undefined] : error;
    };
    await until(async () => Bun.deepEquals(await trouble(), ['upstream_unavailable', true]));
    expect(await lists()).toMatchObject([{ name: 'discover/genre/37' }]);
    expect(asked().filter((one) => one.startsWith('genre 37'))).toHaveLength(2);
    sandbox.misbehave([]);
    await until(() => status.circuit === 'closed');
    sandbox.resetStats();
    await run();
    expect(asked()).toEqual(['genre 18 1', 'genre 18 2']);
  });

  test('goes on after a wrong answer, and ends with it', async () => {
    await prefer({ genres: [western, drama] });
    const counts = noCounts();
    sandbox.misbehave([{ kind: 'wrong-shape', match: 'with_genres=37' }]);
    expect(await run({ counts }).catch(codeOf)).toBe('upstream_malformed');
    expect(await lists()).toEqual([{ name: 'discover/genre/18', size: 40 }]);
    expect(counts).toMatchObject({ seen: 40, failed: 1 });
    sandbox.misbehave([]);
    await run();
    expect(asked()).toEqual(['genre 37 1', 'genre 18 1', 'genre 18 2', 'genre 37 1', 'genre 37 2']);
  });

  test('is stopped between two lists, with nothing half taken', async () => {
    await prefer({ genres: [western, drama] });
    const stop = new AbortController();
    const stopping = async (...call: Parameters<typeof tmdb.discover>) => {
      const page = await tmdb.discover(...call);
      if (call[1] === 2) stop.abort(new NexusError('shutting_down', 'The process is ending.'));
      return page;
    };
    const error = await run({ signal: stop.signal, tmdb: { ...tmdb, discover: stopping } }).catch(codeOf);
    expect(error).toBe('shutting_down');
    const [list, ...others] = await lists();
    expect([list.name, others]).toEqual(['discover/genre/37', []]);
    expect(await movies()).toHaveLength(list.size);
  });

  test('run by two at once for the same, leaves each list and movie once', async () => {
    const other = await putUser(pool);
    for (const of of [userId, other]) await prefer({ genres: [western, drama, 35], actors: [bradPitt] }, of);
    await Promise.all([run(), run({}, other)]);
    expect(await lists()).toHaveLength(4);
  });
});
