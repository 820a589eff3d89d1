import { expect, test } from 'bun:test';
import { famousFilms } from './famous-films.ts';
import { createGeneratedCatalogue } from './generated-catalogue.ts';
import { genres, retiredGenre } from './genres.ts';
import { allParts, type WireMovie } from './wire.ts';

const catalogue = createGeneratedCatalogue({ seed: 1, movies: 2_000 });
const ids = Array.from({ length: catalogue.size }, (_, position) => catalogue.idAt(position));
const movies = ids.map((id) => catalogue.details(id, allParts) as Required<WireMovie>);

test('has exactly as many movies as asked, each under its own id', () => {
  expect(new Set(ids).size).toBe(2_000);
  expect(movies.every((movie, position) => movie.id === ids[position])).toBe(true);
});

test('leaves ids between its movies free', () => {
  const taken = new Set(ids);
  const free = Array.from({ length: 3_000 }, (_, id) => id + 1).filter((id) => !taken.has(id));
  expect(free.length).toBeGreaterThan(1_000);
  expect(free.every((id) => catalogue.details(id, []) === undefined && catalogue.row(id) === undefined)).toBe(
    true,
  );
});

test('keeps ids of a million movies within two million and away from the well-known films', () => {
  const large = createGeneratedCatalogue({ seed: 7, movies: 1_000_000 });
  const famous = new Set(famousFilms.map(({ id }) => id));
  let last = 0;
  for (let position = famousFilms.length; position < large.size; position++) {
    const id = large.idAt(position);
    if (id <= last || famous.has(id) || (position % 997 === 0 && !large.brief(id)))
      throw new Error(`id ${id}`);
    last = id;
  }
  expect(last).toBeLessThanOrEqual(2_000_000);
});

test('gives the same bytes for the same seed and size, and others for another seed', () => {
  const again = createGeneratedCatalogue({ seed: 1, movies: 2_000 });
  const other = createGeneratedCatalogue({ seed: 2, movies: 2_000 });
  // Asked in another order, so that nothing depends on what was asked before.
  const backwards = ids.toReversed().map((id) => JSON.stringify(again.details(id, allParts)));
  expect(backwards.toReversed()).toEqual(movies.map((movie) => JSON.stringify(movie)));
  expect(again.popular()).toEqual(catalogue.popular());
  expect(other.popular()).not.toEqual(catalogue.popular());
});

test('has the same movie under a number at any size', () => {
  const larger = createGeneratedCatalogue({ seed: 1, movies: 50_000 });
  for (const id of ids.slice(0, 500))
    expect(larger.details(id, ['credits'])).toEqual(catalogue.details(id, ['credits']));
});

test('relates movies only to movies that exist, at the smallest size and at others', () => {
  for (const size of [200, 777, 2_000]) {
    const some = createGeneratedCatalogue({ seed: 3, movies: size });
    for (let position = 0; position < size; position++) {
      const id = some.idAt(position);
      for (const relation of ['recommendations', 'similar'] as const) {
        const related = some.related(id, relation);
        expect(related.length).toBeLessThanOrEqual(40);
        for (const other of related) {
          if (other === id || !some.brief(other))
            throw new Error(`${id} is related to ${other} at size ${size}`);
        }
      }
    }
  }
});

test('relates movies that have something in common', () => {
  const byId = new Map(movies.map((movie) => [movie.id, movie]));
  let alike = 0;
  let all = 0;
  for (const movie of movies) {
    for (const row of movie.recommendations.results.slice(0, 10)) {
      const other = byId.get(row.id) as Required<WireMovie>;
      const people = new Set(movie.credits.cast.map(({ id }) => id));
      const words = new Set(movie.keywords.keywords.map(({ id }) => id));
      all++;
      if (
        other.credits.cast.some(({ id }) => people.has(id)) ||
        other.keywords.keywords.some(({ id }) => words.has(id)) ||
        other.genres.some(({ id }) => movie.genres.some((genre) => genre.id === id))
      ) {
        alike++;
      }
    }
  }
  expect(all).toBeGreaterThan(10_000);
  expect(alike / all).toBeGreaterThan(0.95);
});

test('names every person, keyword, genre and collection once', () => {
  const names = new Map<string, string>();
  const check = (kind: string, { id, name }: { id: number; name: string }) => {
    const key = `${kind} ${id}`;
    const known = names.get(key) ?? name;
    names.set(key, known);
    if (known !== name || name === '') throw new Error(`${key} is both ${known} and ${name}`);
  };
  for (const movie of movies) {
    for (const person of [...movie.credits.cast, ...movie.credits.crew]) check('person', person);
    for (const keyword of movie.keywords.keywords) check('keyword', keyword);
    for (const genre of movie.genres) check('genre', genre);
    if (movie.belongs_to_collection) check('collection', movie.belongs_to_collection);
  }
  expect(names.size).toBeGreaterThan(1_500);
});

test('gives every credit an id of its own', () => {
  const credits = movies.flatMap(({ credits }) =>
    [...credits.cast, ...credits.crew].map((credit) => credit.credit_id),
  );
  expect(new Set(credits).size).toBe(credits.length);
  expect(credits.every((id) => /^[0-9a-f]{24}$/.test(id))).toBe(true);
});

test('has the gaps and oddities that real movies have', () => {
  const large = createGeneratedCatalogue({ seed: 1, movies: 20_000 });
  const sample = Array.from({ length: 12_000 }, (_, place) =>
    large.details(large.idAt(place), ['credits', 'release_dates', 'recommendations']),
  ).filter((movie) => movie !== undefined);
  const count = (has: (movie: WireMovie) => boolean) => sample.filter(has).length;
  const twice = ({ credits }: WireMovie) =>
    new Set(credits?.cast.map(({ id }) => id)).size < (credits?.cast.length ?? 0);
  const gaps = {
    noDate: count((movie) => movie.release_date === '') > 100,
    noOverview: count((movie) => movie.overview === '') > 100,
    noPoster: count((movie) => movie.poster_path === null) > 500,
    noRuntime: count((movie) => movie.runtime === null) > 20 && count((movie) => movie.runtime === 0) > 100,
    noVotes: count((movie) => movie.vote_count === 0 && movie.vote_average === 0) > 1_000,
    noGenres: count((movie) => movie.genres.length === 0) > 100,
    retired: count((movie) => movie.genres.some(({ id }) => id === retiredGenre.id)) > 5,
    adult: count((movie) => movie.adult === true) > 60 && count((movie) => movie.adult === true) < 200,
    noImdb: count((movie) => movie.imdb_id === null) > 500 && count((movie) => movie.imdb_id === '') > 50,
    uncertified:
      count(({ release_dates }) => !release_dates?.results.some(({ iso_3166_1 }) => iso_3166_1 === 'US')) >
      500,
    overlong: count((movie) => movie.title.length > 255) > 5,
    emoji: count((movie) => movie.title.includes('🎬')) > 5,
    otherScripts:
      count((movie) => /[\p{Script=Han}\p{Script=Arabic}\p{Script=Cyrillic}]/u.test(movie.original_title)) >
      500,
    inSeries: count((movie) => movie.belongs_to_collection !== null) > 500,
    personTwice: count(twice) > 50,
    noRelations: count((movie) => movie.recommendations?.results.length === 0) > 100,
    largeRevenue: count((movie) => (movie.revenue ?? 0) > 2 ** 31) > 0,
  };
  const missing = Object.entries(gaps).filter(([, seen]) => !seen);
  expect(missing).toEqual([]);
});

test('uses the nineteen genres of TMDb', () => {
  expect(genres).toHaveLength(19);
  expect(genres.find(({ id }) => id === 878)?.name).toBe('Science Fiction');
});

test('knows the well-known films as they are', () => {
  expect(famousFilms.length).toBeGreaterThanOrEqual(100);
  const tokyo = catalogue.details(18_148, ['credits']);
  expect(tokyo).toMatchObject({
    title: 'Tokyo Story',
    original_title: '東京物語',
    release_date: '1953-11-03',
  });
  expect(tokyo?.credits?.crew).toMatchObject([{ id: 95_501, name: 'Yasujirō Ozu', job: 'Director' }]);
  expect(catalogue.brief(422)?.title).toBe('8½');
  expect(catalogue.brief(10_681)?.title).toBe('WALL·E');
  const alien = catalogue.details(348, ['recommendations']);
  expect(alien?.belongs_to_collection).toMatchObject({ id: 8_091, name: 'Alien Collection' });
  const firstTwo = alien?.recommendations?.results.slice(0, 2).map(({ title }) => title);
  expect(firstTwo?.sort()).toEqual(['Aliens', 'Alien³']);
});

test('lists popular movies by popularity, trending ones by day and by week, and no adult ones', () => {
  const popular = catalogue.popular();
  const popularity = popular.map((id) => catalogue.brief(id)?.popularity ?? 0);
  expect(popularity).toEqual(popularity.toSorted((a, b) => b - a));
  expect(popular.length).toBeGreaterThan(200);
  expect(catalogue.trending('day')).not.toEqual(catalogue.trending('week'));
  expect(catalogue.trending('day').toSorted()).toEqual(popular.toSorted());
  expect(popular.some((id) => catalogue.brief(id)?.adult)).toBe(false);
});

test('finds a movie by its IMDb id and by no other', () => {
  for (const { id, imdb_id } of movies) if (imdb_id) expect(catalogue.idByImdb(imdb_id)).toBe(id);
  expect(catalogue.idByImdb('tt90000000')).toBeUndefined();
  expect(catalogue.idByImdb('nonsense')).toBeUndefined();
});
