import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { listedColumns, mirroredColumns } from '#shared/movies/mirrored-columns.ts';
import type { Database } from '#shared/orm/database.ts';
import { testDatabase } from '#tests/support/database.ts';
import {
  credit,
  fullMovie,
  listedMovie,
  mirroredMovie,
  person,
} from '#tests/support/mirrored-movie-factory.ts';
import { writeTransaction } from '#worker/store/write-transaction.ts';
import type { MirroredPerson } from '../tmdb/wire/mirrored-movie.ts';
import { saveListedMovies } from './save-listed-movies.ts';
import { saveMovies } from './save-movies.ts';

let database: Database;
const now = new Date('2026-11-01T12:00:00Z');
const later = new Date('2026-11-09T12:00:00Z');

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

const em = () => database.orm.em.fork();
const save = (movies: Parameters<typeof saveMovies>[1], at = now) => saveMovies(em(), movies, { now: at });
const rows = async (text: string, ...values: unknown[]) => (await database.pool.query(text, values)).rows;
const one = async (text: string, ...values: unknown[]) => (await rows(text, ...values))[0];

describe('saving mirrored movies', () => {
  test('texts come back as they were, also those that mean something in an array', async () => {
    const odd = {
      title: 'a "b" \\c {d}, e',
      original_title: 'NULL',
      overview: '\\',
      tagline: '',
      status: ' " ',
      homepage: null,
      trailers: [{ site: 'YouTube', key: 'a-b', name: '"q" \\ {1,2}' }],
      genres: [],
    };
    await save([mirroredMovie(190, odd)]);
    const { genres: _, ...shown } = odd;
    const columns = Object.keys(shown).join(', ');
    expect(await one(`select ${columns} from movies where tmdb_id = 190`)).toEqual(shown);
    const next = { ...odd, trailers: [], status: 'null', homepage: 'https://x.test/?a="b"' };
    await save([mirroredMovie(190, next)]);
    const { genres: __, ...changed } = next;
    expect(await one(`select ${columns} from movies where tmdb_id = 190`)).toEqual(changed);
  });

  test('writes the movie and everything that hangs on it', async () => {
    const saved = await save([
      mirroredMovie(101, {
        recommendations: [listedMovie(9101)],
        similar: [listedMovie(9102), listedMovie(9101)],
      }),
    ]);
    expect(saved).toEqual({ created: 1, updated: 0, unchanged: 0 });
    const movie = await one('select * from movies where tmdb_id = 101');
    expect(movie).toMatchObject({
      state: 'detailed',
      title: 'Movie 101',
      revenue: '2923706026',
      collection_id: 9000,
    });
    const relations = await rows(
      `select r.kind, r.rank, m.tmdb_id, m.state, m.scope from movie_relations r join movies m on m.id = r.related_movie_id
       where r.movie_id = $1 order by kind, rank`,
      movie.id,
    );
    expect(relations).toEqual([
      { kind: 'recommendation', rank: 1, tmdb_id: 9101, state: 'listed', scope: null },
      { kind: 'similar', rank: 1, tmdb_id: 9102, state: 'listed', scope: null },
      { kind: 'similar', rank: 2, tmdb_id: 9101, state: 'listed', scope: null },
    ]);
    expect(
      await rows('select credit_id, person_id from credits where movie_id = $1 order by credit_id', movie.id),
    ).toEqual([
      { credit_id: '101-a', person_id: 1 },
      { credit_id: '101-b', person_id: 2 },
      { credit_id: '101-d', person_id: 3 },
    ]);
  });

  test('fills every column of TMDb’s, and writes each anew when it changes', async () => {
    await save([fullMovie(107, 1)]);
    const before = await one('select * from movies where tmdb_id = 107');
    expect(mirroredColumns.filter((column) => before[column] === null)).toEqual([]);
    expect(await save([fullMovie(107, 2)])).toMatchObject({ updated: 1 });
    const after = await one('select * from movies where tmdb_id = 107');
    expect(mirroredColumns.filter((column) => Bun.deepEquals(before[column], after[column]))).toEqual([]);
  });

  test.each(mirroredColumns.filter((column) => column !== 'long_title' && column !== 'collection_id'))(
    'an answer in which only its %s is new is new',
    async (column) => {
      await save([fullMovie(109, 1)]);
      const changed = { ...fullMovie(109, 1), [column]: fullMovie(109, 2)[column] };
      expect(await save([changed])).toMatchObject({ updated: 1 });
    },
  );

  test('what documents show of a person is part of the answer, and what changes every day is not', async () => {
    const of = (changes: Partial<MirroredPerson>) =>
      mirroredMovie(110, {
        people: [{ ...person(1, 'Ada Actor'), ...changes }],
        credits: [credit('110-a', 1)],
      });
    await save([of({})]);
    expect(await save([of({ name: 'Ada Star' })])).toMatchObject({ updated: 1 });
    expect(await save([of({ name: 'Ada Star', profile_path: '/new.jpg' })])).toMatchObject({ updated: 1 });
    const moved = of({ name: 'Ada Star', profile_path: '/new.jpg', popularity: 6 });
    expect(await save([moved])).toMatchObject({ unchanged: 1 });
  });

  test('a second time nothing changes but the time it was read, and when it is due again', async () => {
    await save([mirroredMovie(111)]);
    const before = await one('select * from movies where tmdb_id = 111');
    expect(await save([mirroredMovie(111)], later)).toEqual({ created: 0, updated: 0, unchanged: 1 });
    const after = await one('select * from movies where tmdb_id = 111');
    expect(new Date(after.fetched_at)).toEqual(later);
    const times = { fetched_at: 0, updated_at: 0, refresh_due_at: 0 };
    expect({ ...after, ...times }).toEqual({ ...before, ...times });
    const planned = (row: typeof after) => Date.parse(row.refresh_due_at) - Date.parse(row.fetched_at);
    expect(planned(after)).toBe(planned(before));
  });

  test('what a new answer no longer has is gone from the mirror, too', async () => {
    await save([mirroredMovie(121)]);
    const changed = mirroredMovie(121, {
      genres: [{ id: 18, name: 'Drama' }],
      keywords: [],
      credits: [credit('121-a', 1)],
      people: [person(1, 'Ada Actor')],
    });
    expect(await save([changed])).toEqual({ created: 0, updated: 1, unchanged: 0 });
    const { id } = await one('select id from movies where tmdb_id = 121');
    for (const [table, count] of [
      ['movie_genres', '1'],
      ['movie_keywords', '0'],
      ['credits', '1'],
    ] as const)
      expect(await one(`select count(*) from ${table} where movie_id = $1`, id)).toEqual({ count });
  });

  test('the same person twice in one cast is two credits of one person', async () => {
    await save([mirroredMovie(131, { credits: [credit('131-x', 1), credit('131-y', 1, { position: 1 })] })]);
    expect(
      await rows(
        'select credit_id, person_id from credits c join movies m on m.id = c.movie_id where tmdb_id = 131 order by 1',
      ),
    ).toEqual([
      { credit_id: '131-x', person_id: 1 },
      { credit_id: '131-y', person_id: 1 },
    ]);
  });

  test('two ids may share one imdb_id', async () => {
    expect(
      await save([mirroredMovie(141, { imdb_id: 'tt1' }), mirroredMovie(142, { imdb_id: 'tt1' })]),
    ).toMatchObject({
      created: 2,
    });
  });

  test('a title over 255 characters is kept whole beside the one that fits', async () => {
    const title = '映画'.repeat(150);
    await save([mirroredMovie(151, { title })]);
    const row = await one('select title, long_title from movies where tmdb_id = 151');
    expect([...row.title]).toHaveLength(255);
    expect(row.long_title).toBe(title);
  });

  test('a genre that the genre list does not have is known, but not listed', async () => {
    await save([mirroredMovie(161, { genres: [{ id: 10769, name: 'Foreign' }] })]);
    expect(await one('select name, listed from genres where id = 10769')).toEqual({
      name: 'Foreign',
      listed: false,
    });
  });

  test('a genre with another one’s name does not stop the movie', async () => {
    await save([
      mirroredMovie(162, {
        genres: [
          { id: 777, name: 'Foreign' },
          { id: 10769, name: 'Foreign' },
        ],
      }),
    ]);
    expect(await rows('select name from genres where id in (777, 10769) order by id')).toEqual([
      { name: 'Foreign (777)' },
      { name: 'Foreign' },
    ]);
  });

  test('a relation never overwrites a movie that is detailed', async () => {
    await save([mirroredMovie(171, { title: 'The Real Title' })]);
    await save([mirroredMovie(172, { recommendations: [listedMovie(171, { title: 'Another' })] })]);
    expect(await one('select title, state from movies where tmdb_id = 171')).toEqual({
      title: 'The Real Title',
      state: 'detailed',
    });
  });

  test('a person with two names in one batch is one row, and a second run changes nothing', async () => {
    const batch = [
      mirroredMovie(181, { people: [person(50, 'A Name')], credits: [credit('181-a', 50)] }),
      mirroredMovie(182, { people: [person(50, 'Another Name')], credits: [credit('182-a', 50)] }),
    ];
    await save(batch);
    expect(await save(batch, later)).toEqual({ created: 0, updated: 0, unchanged: 2 });
    expect(await one('select count(*) from people where id = 50')).toEqual({ count: '1' });
  });

  test('writers that meet in the same rows all succeed', async () => {
    const batches = Array.from({ length: 12 }, (_, writer) =>
      Array.from({ length: 20 }, (_, i) => {
        const id = 2000 + ((i * 7 + writer * 3) % 40);
        return mirroredMovie(id, {
          overview: `as writer ${writer} saw it`,
          people: Array.from({ length: 10 }, (_, k) =>
            person(600 + ((k * 5 + writer) % 30), `P${k} ${writer}`),
          ),
          credits: Array.from({ length: 10 }, (_, k) => credit(`${id}-${k}`, 600 + ((k * 5 + writer) % 30))),
          recommendations: [listedMovie(2000 + ((i + writer) % 40))],
        });
      }),
    );
    await Promise.all(batches.map((batch) => save(batch)));
    expect(await one('select count(*) from movies where tmdb_id between 2000 and 2039')).toEqual({
      count: '40',
    });
    expect(
      await rows(
        "select movie_id from credits c join movies m on m.id = c.movie_id where tmdb_id between 2000 and 2039 and state = 'detailed' group by 1 having count(*) <> 10",
      ),
    ).toEqual([]);
  });

  test('a cast of 395 and a crew of 990 are written whole', async () => {
    const people = Array.from({ length: 1385 }, (_, k) => person(10_000 + k, `P${k}`));
    const credits = people.map((p, k) =>
      credit(
        `191-${k}`,
        p.id,
        k < 395 ? { order: k % 100, position: k } : { kind: 'crew', job: 'Driver', position: k },
      ),
    );
    await save([mirroredMovie(191, { people, credits })]);
    expect(
      await rows(
        'select kind, count(*)::int from credits c join movies m on m.id = c.movie_id where tmdb_id = 191 group by kind order by kind',
      ),
    ).toEqual([
      { kind: 'cast', count: 395 },
      { kind: 'crew', count: 990 },
    ]);
  });
});

describe('saving what a list said', () => {
  const saveListed = (movies: Parameters<typeof saveListedMovies>[1], scope: number | null, at = now) =>
    writeTransaction(em(), (on) => saveListedMovies(on, movies, { scope, now: at }));

  test('makes listed rows with their known genres, in the list’s order', async () => {
    await save([mirroredMovie(300)]);
    await saveListed([listedMovie(301, { genre_ids: [53, 424242, 18] })], 1);
    expect(await one('select state, scope from movies where tmdb_id = 301')).toEqual({
      state: 'listed',
      scope: 1,
    });
    expect(
      await rows(
        'select genre_id from movie_genres g join movies m on m.id = g.movie_id where tmdb_id = 301 order by position',
      ),
    ).toEqual([{ genre_id: 53 }, { genre_id: 18 }]);
  });

  test('fills every column that a list knows, and writes each anew when it changes', async () => {
    const listed = (edition: number) => ({ ...fullMovie(305, edition), genre_ids: [18] });
    await saveListed([listed(1)], null);
    const before = await one('select * from movies where tmdb_id = 305');
    expect(mirroredColumns.filter((column) => before[column] !== null)).toEqual(listedColumns);
    await saveListed([listed(2)], null);
    const after = await one('select * from movies where tmdb_id = 305');
    expect(listedColumns.filter((column) => Bun.deepEquals(before[column], after[column]))).toEqual([]);
  });

  test('keeps the strongest reason to detail a movie', async () => {
    await saveListed([listedMovie(310)], null);
    await saveListed([listedMovie(310)], 3);
    await saveListed([listedMovie(310)], 1);
    await saveListed([listedMovie(310)], 2);
    expect(await one('select scope from movies where tmdb_id = 310')).toEqual({ scope: 1 });
  });

  test('the same movie twice in one list is one row', async () => {
    expect(await saveListed([listedMovie(320), listedMovie(320)], 1)).toMatchObject({
      created: 1,
      updated: 0,
    });
  });
});
