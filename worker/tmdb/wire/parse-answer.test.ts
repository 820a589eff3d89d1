import { describe, expect, test } from 'bun:test';
import { codeOf } from '#shared/errors.ts';
import { wireMovie, wireRow } from '#tests/support/tmdb/movie-fixture.ts';
import { parseFound, parseGenres, parseMovie, parseMoviePage } from './parse-answer.ts';

function codeThrownBy(parse: () => unknown): string {
  try {
    parse();
  } catch (error) {
    return codeOf(error);
  }
  return 'nothing';
}

describe('a movie is malformed when', () => {
  test.each([
    ['it has no id', { id: undefined }],
    ['its id is text', { id: '7001' }],
    ['its id is 0', { id: 0 }],
    ['its id is another than asked for', { id: 7002 }],
    ['it has no title', { title: undefined }],
    ['its title is null', { title: null }],
    ['genres is no list', { genres: {} }],
    ['credits is no object', { credits: 'none' }],
    ['cast is no list', { credits: { cast: {}, crew: [] } }],
    ['crew is no list', { credits: { cast: [], crew: 'x' } }],
    ['keywords are no list', { keywords: { keywords: 5 } }],
    ['recommendations are no list', { recommendations: { results: {} } }],
    ['videos are no list', { videos: { results: 'x' } }],
  ])('%s', (_, patch) => {
    expect(codeThrownBy(() => parseMovie(wireMovie(patch), 7001))).toBe('upstream_malformed');
  });

  test.each([[null], [[]], ['text'], [5]])('it is %j', (json) => {
    expect(codeThrownBy(() => parseMovie(json, 7001))).toBe('upstream_malformed');
  });
});

test('parts that are null or empty stand for nothing', () => {
  const patch = { credits: null, keywords: {}, recommendations: null, similar: {}, videos: null };
  const movie = parseMovie(wireMovie({ ...patch, release_dates: { results: null }, genres: null }), 7001);
  expect([movie.credits, movie.keywords, movie.recommendations, movie.genres]).toEqual([[], [], [], []]);
});

describe('a page of movies', () => {
  test('keeps TMDb’s order, each id once, without broken rows', () => {
    const results = [wireRow(3), wireRow(1), wireRow(3), { id: 4, name: 'A series' }, null, wireRow(2)];
    const page = parseMoviePage({ page: 2, results, total_pages: 500, total_results: 9999 }, 2);
    expect(page).toMatchObject({ page: 2, totalPages: 500 });
    expect(page.results.map((row) => row.tmdb_id)).toEqual([3, 1, 2]);
  });

  test('may be empty and still speak of one page', () => {
    expect(parseMoviePage({ page: 1, results: [], total_pages: 1, total_results: 0 }, 1)).toEqual({
      page: 1,
      results: [],
      totalPages: 1,
    });
  });

  test('drops genre ids that cannot be one, and repeated ones', () => {
    const rows = [wireRow(1, { genre_ids: [18, 18, null, -1, 'x', 28] }), wireRow(2, { genre_ids: null })];
    const page = parseMoviePage({ results: rows }, 4);
    expect(page.results.map((row) => row.genre_ids)).toEqual([[18, 28], []]);
    expect(page).toMatchObject({ page: 4, totalPages: 4 });
  });

  test.each([[{}], [{ results: {} }], [{ results: null }], [[]]])('is malformed as %j', (json) => {
    expect(codeThrownBy(() => parseMoviePage(json, 1))).toBe('upstream_malformed');
  });
});

test('the genre list needs to be one', () => {
  expect(parseGenres({ genres: [{ id: 18, name: 'Drama' }, { id: 18, name: 'D' }, {}] })).toEqual([
    { id: 18, name: 'Drama' },
  ]);
  expect(codeThrownBy(() => parseGenres({ genres: null }))).toBe('upstream_malformed');
});

describe('what an external id leads to', () => {
  test('are movies, or television', () => {
    const found = parseFound({
      movie_results: [wireRow(5), { id: 6 }],
      tv_results: [],
      tv_season_results: null,
    });
    expect(found.movies.map((movie) => movie.tmdb_id)).toEqual([5]);
    expect(found.television).toBe(false);
    for (const list of ['tv_results', 'tv_episode_results', 'tv_season_results'])
      expect(parseFound({ movie_results: [], [list]: [{ id: 1 }] }).television).toBe(true);
  });

  test.each([[{}], [{ movie_results: {} }], [[]]])('is malformed as %j', (json) => {
    expect(codeThrownBy(() => parseFound(json))).toBe('upstream_malformed');
  });
});
