import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import {
  certificationTerm,
  companyTerm,
  offerTerm,
  originTerm,
  providerTerm,
  releaseTerm,
} from '#shared/movies/term-codes.ts';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';
import { putMovie, putTrending, putWholeMovie } from '#tests/support/api/movie-fixture.ts';
import { placesOf } from './mix.ts';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi({ config: { rateLimit: false } });
  await putWholeMovie(api.pool, 1);
  for (let id = 2; id <= 45; id++)
    await putMovie(api.pool, { tmdbId: id, title: `Harbor ${id}`, releaseDate: `20${10 + (id % 10)}-05-06` });
  await putMovie(api.pool, { tmdbId: 50, title: 'Harbor Nights', adult: true });
  await putMovie(api.pool, { tmdbId: 51, title: 'Harbor Gone', state: 'gone' });
  await api.pool.query(`
    update movies set popularity = tmdb_id, vote_count = tmdb_id * 10, vote_average = tmdb_id / 10.0,
      original_language = case when tmdb_id % 2 = 0 then 'en' else 'ko' end, runtime = 60 + tmdb_id where tmdb_id > 1;
    update movies set parts_version = 1, original_title = 'Original' where tmdb_id = 2;
    insert into movie_translations (movie_id, language, title, overview)
      select id, 'de-DE', 'Hafen', null from movies where tmdb_id = 2;
    insert into movie_genres select id, 35, 0 from movies where tmdb_id between 2 and 21;
    insert into movie_genres select id, 18, 1 from movies where tmdb_id between 12 and 31;
    insert into genre_translations (genre_id, language, name, fetched_at) values (18, 'de', 'Drama (de)', now());
    update people set popularity = 5, known_for_department = 'Acting' where id = 1`);
  await putTerms(2, 6, [companyTerm(25), originTerm('DE'), releaseTerm(3), releaseTerm(3, 'DE')], [8], '12');
  await putTerms(
    7,
    11,
    [companyTerm(25), companyTerm(26), originTerm('DE'), releaseTerm(3), releaseTerm(3, 'DE')],
    [8, 9],
    '12',
  );
  await putTerms(
    12,
    16,
    [companyTerm(26), originTerm('SU'), releaseTerm(3), releaseTerm(3, 'US'), releaseTerm(4, 'DE')],
    [9],
    '16',
  );
  await api.pool.query(`insert into movie_releases (movie_id, country, release_date)
    select id, 'US', date '2021-01-01' + tmdb_id from movies where tmdb_id between 12 and 16`);
  await putTrending(api.pool, 'week', [5, 50, 3, 51, 1]);
});
afterAll(() => api[Symbol.asyncDispose]());

/** Of the movies from one id to another. Of the providers in Germany 8 has them in its subscription, and 9 sells them. */
async function putTerms(
  from: number,
  to: number,
  terms: number[],
  providers: number[],
  certification: string,
) {
  const offers = providers.flatMap((id) => {
    const type = id === 8 ? 'flatrate' : 'buy';
    return [providerTerm('DE', id, type), offerTerm('DE', type)];
  });
  await api.pool.query(
    'insert into movie_terms select id, $3::bigint[] from movies where tmdb_id between $1 and $2',
    [from, to, [...terms, ...offers, certificationTerm('DE', certification)]],
  );
}

interface Row {
  id: number;
  title: string;
  media_type?: string;
}
const ask = async (path: string) => {
  const answer = await api.get(`/3/${path}`);
  return { status: answer.status, body: await answer.json() };
};
const body = async (path: string) => (await ask(path)).body;
const ids = async (path: string) => (await body(path)).results.map(({ id }: Row) => id);

/** Every key of a row, as TMDb has them. */
const row = {
  adult: false,
  backdrop_path: '/b.jpg',
  genre_ids: [35, 18],
  id: 1,
  original_language: 'fr',
  original_title: 'Le Titre',
  overview: 'What happens.',
  popularity: 12.5,
  poster_path: '/p.jpg',
  release_date: '1999-12-31',
  title: 'The "Long" Title: Ünïcode 🎬',
  video: false,
  vote_average: 7.25,
  vote_count: 42,
};

test('what is trending stands in TMDb’s order, without adult titles', async () => {
  const { results, ...page } = await body('trending/movie/week');
  expect(page).toEqual({ page: 1, total_pages: 1, total_results: 3 });
  expect(results.map(({ id }: Row) => id)).toEqual([5, 3, 1]);
  expect(results[2]).toEqual({ media_type: 'movie', ...row });
  expect(await ids('trending/all/week')).toEqual([5, 3, 1]);
  expect(await body('trending/all/day')).toEqual({ page: 1, results: [], total_pages: 1, total_results: 0 });
  expect((await ask('trending/movie/month')).status).toBe(404);
});

test('genres have names in the language, where there are any', async () => {
  const genres = async (query: string) => (await body(`genre/movie/list${query}`)).genres;
  expect(await genres('')).toEqual([
    { id: 35, name: 'Comedy' },
    { id: 18, name: 'Drama' },
  ]);
  expect(await genres('?language=de-AT')).toEqual([
    { id: 35, name: 'Comedy' },
    { id: 18, name: 'Drama (de)' },
  ]);
});

describe('search', () => {
  test('finds movies, page by page', async () => {
    const first = await body('search/movie?query=harbor');
    expect([first.results.length, first.total_results, first.total_pages]).toEqual([20, 44, 3]);
    const all = [...first.results, ...(await body('search/movie?query=harbor&page=2')).results].concat(
      (await body('search/movie?query=harbor&page=3')).results,
    );
    expect(new Set(all.map(({ id }: Row) => id)).size).toBe(44);
    expect((await body('search/movie?query=harbor&page=4')).results).toEqual([]);
    expect(await ids('search/movie?query=harbor+nights')).not.toContain(50);
    expect(await ids('search/movie?query=harbor+nights&include_adult=true')).toContain(50);
    const years = (await body('search/movie?query=harbor&year=2012')).results;
    expect(new Set(years.map((each: { release_date: string }) => each.release_date))).toEqual(
      new Set(['2012-05-06']),
    );
  });

  test('of nothing finds nothing', async () => {
    for (const query of ['', '?query=', '?query=%20'])
      expect(await body(`search/movie${query}`)).toEqual({
        page: 1,
        results: [],
        total_pages: 1,
        total_results: 0,
      });
  });

  test('finds people, with what they are known for', async () => {
    const { results, total_results } = await body('search/person?query=ann+actor');
    expect(total_results).toBe(results.length);
    expect(results[0]).toEqual({
      adult: false,
      gender: 0,
      id: 1,
      known_for: [{ media_type: 'movie', ...row }],
      known_for_department: 'Acting',
      name: 'Ann Actor',
      original_name: 'Ann Actor',
      popularity: 5,
      profile_path: '/ann.jpg',
    });
  });

  test('finds both at once, each row saying what it is', async () => {
    await api.pool.query(
      "insert into people (id, name) select 100 + n, 'Harbor Person ' || n from generate_series(1, 8) n",
    );
    const pages = [];
    for (let page = 1; page <= 3; page++) pages.push(await body(`search/multi?query=harbor&page=${page}`));
    expect(pages.map(({ results }) => results.length)).toEqual([20, 20, 12]);
    const all: Row[] = pages.flatMap(({ results }) => results);
    expect(new Set(all.map(({ id, media_type }) => `${media_type} ${id}`)).size).toBe(52);
    expect(all.slice(0, 4).map(({ media_type }) => media_type)).toEqual([
      'movie',
      'movie',
      'movie',
      'person',
    ]);
    expect(pages[0].total_results).toBe(52);
  });
});

test('movies and people fill every place of a page, once', () => {
  for (const [movies, people] of [
    [0, 0],
    [100, 0],
    [0, 100],
    [100, 7],
    [7, 100],
    [61, 20],
  ] as const) {
    const places = Array.from({ length: 12 }, (_, page) =>
      placesOf({ offset: page * 20, limit: 20 }, movies, people),
    ).flat();
    const of = (type: string) => places.filter((place) => place.type === type).map(({ at }) => at);
    expect(of('movie')).toEqual([...Array(movies).keys()]);
    expect(of('person')).toEqual([...Array(people).keys()]);
  }
});

describe('discover', () => {
  test('begins with the most popular, and shows no adult titles', async () => {
    const { results, total_results } = await body('discover/movie');
    expect(results.slice(0, 2).map(({ id }: Row) => id)).toEqual([45, 44]);
    expect(total_results).toBe(45);
    expect(await ids('discover/movie?page=3&include_adult=true')).toHaveLength(6);
  });

  test('counts at least what it shows, however old the count is', async () => {
    const counted = await body('discover/movie?page=3&sort_by=popularity.asc');
    expect([counted.results.length, counted.total_results]).toEqual([5, 45]);
    await putMovie(api.pool, { tmdbId: 60, title: 'New' });
    await api.pool.query('update movies set popularity = 60 where tmdb_id = 60');
    const shown = await body('discover/movie?page=3&sort_by=popularity.asc&language=fr');
    await api.pool.query('delete from movies where tmdb_id = 60');
    expect([shown.results.length, shown.total_results]).toEqual([6, 46]);
  });

  test.each([
    ['with_genres=35', 21],
    ['with_genres=35,18', 11],
    ['with_genres=35|18', 31],
    ['with_genres=35%7C18', 31],
    ['without_genres=35', 24],
    ['without_genres=35,18', 14],
    ['vote_average.gte=4', 7],
    ['vote_average.gte=4&vote_average.lte=4.2', 3],
    ['vote_count.gte=400.5', 5],
    ['vote_count.lte=42', 4],
    ['with_runtime.gte=104', 2],
    ['with_original_language=ko', 22],
    ['with_original_language=ko|fr', 23],
    ['with_original_language=en-US', 22],
    ['primary_release_year=2012', 5],
    ['year=1999', 1],
    ['primary_release_date.gte=2019-01-01', 4],
    ['release_date.lte=2000-01-01', 1],
    ['with_keywords=7,8', 1],
    ['with_keywords=7|99', 1],
    ['without_keywords=7', 44],
    ['with_cast=1', 1],
    ['with_cast=2', 0],
    ['with_crew=2', 1],
    ['with_people=1,2,3', 1],
    ['with_people=1,2,3,4', 0],
    ['certification_country=US&certification=PG-13', 1],
    ['certification_country=US&certification.lte=PG', 0],
    ['certification_country=US&certification.gte=PG', 1],
    ['certification=R|PG-13', 1],
    ['watch_region=US&region=DE&include_video=true&unheard_of=1', 45],
    ['region=us&release_date.gte=2021-01-15', 3],
    ['region=US&release_date.gte=2021-01-14&release_date.lte=2021-01-15', 2],
    ['region=US&with_release_type=2|3&release_date.gte=2021-01-15', 3],
    ['region=US&with_release_type=1|2&release_date.gte=2021-01-15', 0],
    ['region=FR&release_date.gte=2021-01-15', 0],
    ['with_release_type=2|3&release_date.gte=2000-01-01', 15],
    ['with_release_type=2|3&release_date.gte=2100-01-01', 0],
    ['with_companies=25', 10],
    ['with_companies=25,26', 5],
    ['with_companies=25|26', 15],
    ['with_companies=0', 0],
    ['with_companies=25,0', 0],
    ['with_companies=25|0', 10],
    ['without_companies=25', 35],
    ['without_companies=25|26', 30],
    ['with_origin_country=de', 10],
    ['with_origin_country=DE|SU', 15],
    ['with_origin_country=DE,SU', 0],
    ['with_watch_providers=8&watch_region=DE', 10],
    ['with_watch_providers=8|9&watch_region=DE', 15],
    ['with_watch_providers=8,9&watch_region=DE', 5],
    ['with_watch_providers=8&watch_region=US', 0],
    ['with_watch_providers=8&watch_region=DE&with_watch_monetization_types=flatrate', 10],
    ['with_watch_providers=8&watch_region=DE&with_watch_monetization_types=buy|rent', 0],
    ['with_watch_providers=9&watch_region=DE&with_watch_monetization_types=buy|rent', 10],
    ['with_watch_monetization_types=buy&watch_region=DE', 10],
    ['with_watch_monetization_types=buy,flatrate&watch_region=DE', 5],
    ['without_watch_providers=8&watch_region=DE', 35],
    ['with_release_type=3', 15],
    ['with_release_type=3&region=DE', 10],
    ['with_release_type=4|3&region=DE', 15],
    ['with_release_type=4,3&region=DE', 0],
    ['certification_country=DE&certification=12', 10],
    ['certification_country=de&certification=12|16', 15],
    ['certification_country=DE&certification.lte=12', 10],
    ['certification_country=DE&certification.gte=12', 15],
    ['certification_country=DE&certification.gte=18', 0],
    ['certification_country=DE&certification=PG-13', 0],
    ['with_companies=25&with_origin_country=DE&with_release_type=3', 10],
  ])('%s is %d', async (query, total) => {
    const found = await body(`discover/movie?${query}`);
    expect(found.total_results).toBe(total);
    expect(found.results).toHaveLength(Math.min(20, total));
  });

  test.each([
    ['popularity.asc', 2],
    ['vote_average.desc', 1],
    ['vote_average.asc', 2],
    ['vote_count.desc', 45],
    ['vote_count.asc', 2],
    ['primary_release_date.asc', 1],
    ['title.desc', 1],
    ['revenue.desc', 1],
    ['nonsense', 45],
    ['constructor.asc', 45],
  ])('%s begins with %d', async (sort, first) => {
    expect((await ids(`discover/movie?sort_by=${sort}`))[0]).toBe(first);
    expect((await ids(`discover/movie?sort_by=${sort}&vote_count.gte=1`))[0]).toBe(first);
  });

  test.each([
    ['with_companies=x', 47],
    ['with_watch_providers=8', 47],
    ['with_watch_providers=8&watch_region=ZZ', 47],
    ['with_watch_monetization_types=flatrate', 47],
    ['with_watch_monetization_types=gift&watch_region=US', 47],
    ['without_watch_providers=8', 47],
    ['with_origin_country=USA', 47],
    ['with_release_type=7', 47],
    ['with_release_type=3&region=ZZ', 47],
    ['with_release_type=3|4&release_date.gte=2020-01-01', 47],
    ['with_release_type=5&region=DE&release_date.gte=2020-01-01', 47],
    ['region=DEU&release_date.gte=2020-01-01', 47],
    ['certification_country=ZZ&certification=12', 47],
    ['certification_country=AQ&certification=12', 47],
    ['with_genres=drama', 47],
    ['with_genres=,', 47],
    ['with_cast=99999999999', 47],
    ['vote_average.gte=high', 47],
    ['primary_release_date.gte=2020', 23],
    ['release_date.lte=2020-02-30', 23],
    ['page=0', 22],
  ])('%s is refused with %d', async (query, code) => {
    const refused = await ask(`discover/movie?${query}`);
    expect([refused.status, refused.body.status_code]).toEqual([400, code]);
  });

  test('a language holds for what is known in it', async () => {
    const { results } = await body('discover/movie?language=de&sort_by=popularity.asc');
    expect(results[0]).toMatchObject({ id: 2, title: 'Hafen', overview: '' });
    expect(results[1]).toMatchObject({ id: 3, title: 'Harbor 3' });
  });
});

test('the movies of a keyword are found by it', async () => {
  expect(await body('keyword/7')).toEqual({ id: 7, name: 'sea' });
  expect(await body('keyword/7/movies')).toEqual({
    id: 7,
    page: 1,
    results: [row],
    total_pages: 1,
    total_results: 1,
  });
  expect((await ask('keyword/99')).status).toBe(404);
});

test('movies are found by the ids of IMDb', async () => {
  const nothing = {
    movie_results: [],
    person_results: [],
    tv_results: [],
    tv_episode_results: [],
    tv_season_results: [],
  };
  expect(await body('find/tt0000001?external_source=imdb_id')).toEqual({
    ...nothing,
    movie_results: [{ media_type: 'movie', ...row }],
  });
  for (const path of [
    'tt9?external_source=imdb_id',
    'nm1?external_source=imdb_id',
    '5?external_source=tvdb_id',
  ])
    expect(await body(`find/${path}`)).toEqual(nothing);
  expect((await ask('find/tt0000001')).body.status_code).toBe(47);
});

test('clients learn where images are, and that their key is fine', async () => {
  const { images, change_keys } = await body('configuration');
  expect(images).toMatchObject({
    base_url: 'https://images.test/t/p/',
    secure_base_url: 'https://images.test/t/p/',
    profile_sizes: ['w45', 'w185', 'h632', 'original'],
  });
  expect(change_keys).toContain('overview');
  expect(await body('authentication')).toEqual({
    success: true,
    status_code: 1,
    status_message: 'Success.',
  });
  expect(Date.parse((await body('authentication/token/new')).expires_at)).toBeGreaterThan(Date.now());
});
