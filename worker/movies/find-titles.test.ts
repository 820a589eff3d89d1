import { afterAll, beforeAll, beforeEach, expect, test } from 'bun:test';
import type { Database } from '#shared/orm/database.ts';
import { testDatabase } from '#tests/support/database.ts';
import { emptyTables } from '#tests/support/empty-tables.ts';
import { jobContext } from '#tests/support/job-context.ts';
import { listedMovie, mirroredMovie, person } from '#tests/support/mirrored-movie-factory.ts';
import { claimUpstream } from '#worker/claim-upstream.ts';
import { purge } from '#worker/maintenance/purge.ts';
import { writeTransaction } from '#worker/store/write-transaction.ts';
import { saveListedMovies } from './save-listed-movies.ts';
import { saveMovies } from './save-movies.ts';

let database: Database;
const now = new Date('2026-11-01T12:00:00Z');
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());
beforeEach(() =>
  emptyTables(
    database.pool,
    'movies',
    'people',
    'movie_absences',
    'title_words',
    'other_title_words',
    'name_words',
  ),
);

const em = () => database.orm.em.fork();
const list = async (text: string) => (await database.pool.query({ text, rowMode: 'array' })).rows.flat();
const keys = () => list('select title_key from movie_titles order by 1');
const words = () => list('select distinct word from title_words order by 1');

test('what is mirrored can be found, under its whole title and its original one', async () => {
  const long = `${'x '.repeat(140)}Ending`;
  await saveMovies(
    em(),
    [
      mirroredMovie(1, {
        title: 'Amélie & Co.',
        original_title: 'Le Destin',
        recommendations: [listedMovie(3)],
      }),
      mirroredMovie(2, { title: long }),
    ],
    { now },
  );
  expect(await keys()).toEqual(['amelie and co', 'movie 3', `${'x '.repeat(140)}ending`]);
  expect(await list("select movie_id from movie_titles where words @@ '''destin'''")).toHaveLength(1);
  expect(await words()).toEqual(['amelie', 'and', 'destin', 'ending', 'movie']);
  expect(await list('select name_key from person_names order by 1 limit 1')).toEqual(['ada actor']);
});

test('a new title takes the place of the old one, and the same one is left alone', async () => {
  await saveMovies(em(), [mirroredMovie(1, { title: 'Before' })], { now });
  const [before] = await list('select xmin::text from movie_titles');
  await saveMovies(em(), [mirroredMovie(1, { title: 'Before', tagline: 'Another' })], { now });
  expect(await list('select xmin::text from movie_titles')).toEqual([before]);
  await saveMovies(em(), [mirroredMovie(1, { title: 'After' })], { now });
  expect(await keys()).toEqual(['after']);
});

test('what became well known is found as such, and a popularity that only moved writes nothing', async () => {
  await saveMovies(em(), [mirroredMovie(1, { title: 'Slow', popularity: 1 })], { now });
  const [before] = await list('select xmin::text from movie_titles');
  await saveMovies(em(), [mirroredMovie(1, { title: 'Slow', popularity: 1.9 })], { now });
  expect(await list('select xmin::text from movie_titles')).toEqual([before]);
  await saveMovies(em(), [mirroredMovie(1, { title: 'Slow', popularity: 12 })], { now });
  expect(await list("select title_key from movie_titles where words @@ '''#1'' & ''slow'''")).toEqual([
    'slow',
  ]);
});

test('an id that is only known by name cannot be found, until a list says more', async () => {
  await database.pool.query("insert into movies (tmdb_id, title) values (1, 'Known')");
  expect(await keys()).toEqual([]);
  await writeTransaction(em(), (on) =>
    saveListedMovies(on, [listedMovie(1, { title: 'Known' })], { scope: 1, now }),
  );
  expect(await keys()).toEqual(['known']);
  await database.pool.query("update movies set state = 'gone'");
  expect(await keys()).toEqual([]);
});

const text = (language: string, title: string | null) => ({
  ...{ language, title, overview: null, tagline: null },
  ...{ homepage: null, runtime: null },
});
const others = () => list('select keys || languages from movie_other_titles order by kind');

test('what a movie is called elsewhere is found, once for each way to write it', async () => {
  const translations = [
    text('de-DE', 'Stirb langsam'),
    text('de-AT', 'STIRB LANGSAM!'),
    text('nl-NL', 'Stirb langsam'),
    text('fr-FR', null),
  ];
  const alternative_titles = [{ country: null, title: 'Nakatomi', type: null }];
  await saveMovies(em(), [mirroredMovie(1, { translations, alternative_titles })], { now });
  expect(await others()).toEqual([
    ['stirb langsam', 'de,de,nl'],
    ['nakatomi', ''],
  ]);
  expect(await list('select distinct word from other_title_words order by 1')).toEqual([
    'langsam',
    'nakatomi',
    'stirb',
  ]);
  const ids = () => list('select xmin::text from movie_other_titles order by kind');
  const before = await ids();
  const same = mirroredMovie(1, { translations, alternative_titles, tagline: 'Another' });
  await saveMovies(em(), [same], { now });
  expect(await ids()).toEqual(before);
  await saveMovies(em(), [mirroredMovie(1, { translations, popularity: 20, alternative_titles: [] })], {
    now,
  });
  expect(await list('select kind, renown from movie_other_titles')).toEqual([0, 2]);
  await saveMovies(em(), [mirroredMovie(1, { translations: [] })], { now });
  expect(await others()).toEqual([]);
});

test('of a thousand titles a hundred are looked for', async () => {
  const alternative_titles = Array.from({ length: 1000 }, (_, n) => ({
    ...{ country: null, title: `Title ${n}`, type: null },
  }));
  await saveMovies(em(), [mirroredMovie(1, { alternative_titles })], { now });
  expect(await list('select cardinality(keys) from movie_other_titles where kind = 1')).toEqual([100]);
  await database.pool.query("update movies set state = 'gone'");
  expect(await others()).toEqual([]);
});

test('what is purged leaves nothing to be found by', async () => {
  await saveMovies(
    em(),
    [mirroredMovie(1, { title: 'Old', people: [person(1, 'Old Actor')], credits: [] })],
    { now },
  );
  const later = new Date(now.getTime() + 181 * 86_400_000);
  await saveMovies(
    em(),
    [mirroredMovie(2, { title: 'Fresh', people: [person(2, 'New Actor')], credits: [] })],
    { now: later },
  );
  await purge({ trigger: 'schedule', force: true }, jobContext(database, { now: () => later }));
  expect([await keys(), await words()]).toEqual([['fresh'], ['fresh', 'movie']]);
  expect(await list('select name_key from person_names')).toEqual(['new actor']);
  expect(await list('select distinct word from name_words order by 1')).toEqual(['actor', 'new']);
});

test('another upstream finds nothing of the former one', async () => {
  await saveMovies(em(), [mirroredMovie(1)], { now });
  await claimUpstream(em(), 'one', false);
  await claimUpstream(em(), 'two', true);
  expect([await keys(), await words(), await list('select word from name_words')]).toEqual([[], [], []]);
});

test('two writers of the same new words do not wait for each other', async () => {
  const [one, other] = [await database.pool.connect(), await database.pool.connect()];
  try {
    for (const client of [one, other]) await client.query('begin');
    for (const [index, client] of [one, other].entries()) {
      await client.query("set local lock_timeout = '2s'");
      await client.query(
        "insert into movies (tmdb_id, title, state) values ($1, 'Same New Words', 'listed')",
        [index + 1],
      );
    }
    for (const client of [one, other]) await client.query('commit');
  } finally {
    one.release();
    other.release();
  }
  expect(await words()).toEqual(['new', 'same', 'words']);
});
