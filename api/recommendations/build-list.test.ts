import { describe, expect, test } from 'bun:test';
import { buildList, type ListRules, type Placed } from './build-list.ts';
import { partNames } from './model.ts';
import type { Scored } from './scored.ts';

interface Row {
  id: number;
  base: number;
  collection?: number;
  released?: string | null;
  language?: string;
  genre?: string;
  average?: number;
  votes?: number;
}

const noParts = Object.fromEntries(partNames.map((name) => [name, 0])) as Scored['parts'];

const scored = ({ id, base, ...row }: Row): Scored => ({
  candidate: {
    movie_id: 1000 + id,
    tmdb_id: id,
    title: `Movie ${id}`,
    collection_id: row.collection ?? null,
    release_date: row.released === undefined ? '2001-01-01' : row.released,
    status: 'Released',
    language: row.language ?? 'en',
    popularity: 5,
    vote_average: row.average ?? 7,
    vote_count: row.votes ?? 100,
    appeal: 0,
    users: null,
    weight: null,
    genre_ids: row.genre ?? null,
    trending: false,
  },
  parts: { ...noParts, appeal: base },
  base,
});

const build = (rows: readonly Row[], rules: Partial<ListRules> = {}): Placed[] =>
  buildList(rows.map(scored), { spreadGenres: false, languages: new Map(), ...rules });
const idsOf = (list: readonly Placed[]) => list.map(({ candidate }) => candidate.tmdb_id);

/** Movies 100…, each worth a little less than the one before. */
const others = (count: number, from = 0.9): Row[] =>
  Array.from({ length: count }, (_, n) => ({ id: 100 + n, base: from - n / 1000 }));

/** What holds of every list. */
function expectSound(list: readonly Placed[]) {
  const scores = list.map(({ score }) => score);
  expect(scores).toEqual(scores.toSorted((a, b) => b - a));
  expect(new Set(idsOf(list)).size).toBe(list.length);
  for (const { parts, score } of list) {
    expect(Object.values(parts).reduce((sum, part) => sum + part, 0)).toBeCloseTo(score, 5);
    expect(parts.variety).toBeLessThanOrEqual(0);
  }
}

test('the best come first, equal ones by id', () => {
  const list = build([
    { id: 3, base: 0.5 },
    { id: 1, base: 0.5 },
    { id: 2, base: 0.7 },
  ]);
  expect(idsOf(list)).toEqual([2, 1, 3]);
  expectSound(list);
});

describe('a series', () => {
  test('gives the place of its best part to the first by release, and says so', () => {
    const list = build([
      { id: 1, base: 0.1, collection: 7, released: '1990-01-01' },
      { id: 2, base: 0.2, collection: 7, released: '1992-01-01' },
      { id: 3, base: 0.9, collection: 7, released: '1994-01-01' },
      { id: 9, base: 0.5 },
    ]);
    expect(idsOf(list)).toEqual([1, 9, 2]);
    expect([list[0]?.score, list[0]?.parts.series]).toEqual([0.9, 0.8]);
    expectSound(list);
  });

  test('whose parts are worth the same is in order, too, whatever their ids', () => {
    const parts = ['2003-01-01', '2001-01-01', '2002-01-01'];
    const rows = parts.map((released, n) => ({ id: n + 1, base: 0.5, collection: 7, released }));
    expect(idsOf(build([...rows, ...others(20)])).filter((id) => id < 100)).toEqual([2, 3, 1]);
  });

  test('ends with what has no day, and parts of one day go by id', () => {
    const list = build([
      { id: 1, base: 0.9, collection: 7, released: null },
      { id: 3, base: 0.8, collection: 7, released: '2001-01-01' },
      { id: 2, base: 0.7, collection: 7, released: '2001-01-01' },
      ...others(20),
    ]);
    expect(idsOf(list).filter((id) => id < 100)).toEqual([2, 3, 1]);
  });
});

describe('the first ten', () => {
  const series = (count: number, collection = 7): Row[] =>
    Array.from({ length: count }, (_, n) => ({
      id: collection * 10 + n,
      base: 1 + n / 100,
      collection,
      released: `20${10 + n}-01-01`,
    }));

  test('have two of a collection, and the third comes right after', () => {
    const list = build([...series(6), ...others(30, 0.4)]);
    expect(idsOf(list).filter((id) => id < 100)).toEqual([70, 71, 72]);
    expect(idsOf(list).indexOf(72)).toBe(10);
    expectSound(list);
  });

  test('have two of each of several collections', () => {
    const list = build([...series(5, 1), ...series(5, 2), ...series(5, 3), ...others(30, 0.4)]);
    for (const collection of [1, 2, 3]) {
      const inTen = list.slice(0, 10).filter(({ candidate }) => candidate.collection_id === collection);
      expect(inTen.length).toBe(2);
    }
    expect(list.filter(({ candidate }) => candidate.collection_id !== null).length).toBe(9);
    expectSound(list);
  });

  test('have no third one even where there is little else', () => {
    expect(idsOf(build([...series(5), { id: 1, base: 0.1 }]))).toEqual([70, 71, 1]);
  });
});

describe('languages', () => {
  const korean = (count: number, row: Partial<Row> = {}): Row[] =>
    Array.from({ length: count }, (_, n) => ({ id: n + 1, base: 0.01 - n / 1000, language: 'ko', ...row }));
  const inTen = (list: readonly Placed[], language: string) =>
    list.slice(0, 10).filter(({ candidate }) => candidate.language === language).length;

  test('get their places at the end of the first ten, and only there', () => {
    const list = build([...others(30), ...korean(8)], { languages: new Map([['ko', 3]]) });
    expect(idsOf(list).slice(0, 11)).toEqual([100, 101, 102, 103, 104, 105, 106, 1, 2, 3, 107]);
    expect(list.filter(({ forLanguage }) => forLanguage).length).toBe(3);
    expect(list[7]?.parts.language).toBeGreaterThan(0.8);
    expectSound(list);
  });

  test('that have earned their places get no more', () => {
    const rows = [...others(30), ...korean(3, { base: 0.95 })];
    const list = build(rows, { languages: new Map([['ko', 3]]) });
    expect(idsOf(list)).toEqual(idsOf(build(rows)));
    expect(list.some(({ forLanguage }) => forLanguage)).toBe(false);
  });

  test('share the places', () => {
    const french = korean(8).map((row) => ({ ...row, id: row.id + 50, language: 'fr' }));
    const list = build([...others(30), ...korean(8), ...french], {
      languages: new Map([
        ['ko', 3],
        ['fr', 3],
      ]),
    });
    expect([inTen(list, 'ko'), inTen(list, 'fr'), inTen(list, 'en')]).toEqual([3, 3, 4]);
    expectSound(list);
  });

  test('get none for what is bad or hardly known, and what there is of good ones', () => {
    const languages = new Map([['ko', 3]]);
    const bad = [
      ...korean(3, { average: 5 }),
      ...korean(3, { votes: 3 }).map((row) => ({ ...row, id: row.id + 20 })),
    ];
    expect(inTen(build([...others(30), ...bad], { languages }), 'ko')).toBe(0);
    const list = build([...others(30), ...bad, { id: 50, base: 0.001, language: 'ko' }], { languages });
    expect(idsOf(list).slice(0, 10)).toContain(50);
    expect(inTen(list, 'ko')).toBe(1);
  });

  test('do not break a series, and have no third of a collection either', () => {
    const parts = ['2003-01-01', '2001-01-01', '2002-01-01', '2004-01-01'];
    const rows = parts.map((released, n) => ({
      id: n + 1,
      base: 0.01 + n,
      collection: 7,
      released,
      language: 'ko',
    }));
    const low = rows.map((row) => ({ ...row, base: row.base / 100 }));
    const list = build([...others(30), ...low], { languages: new Map([['ko', 5]]) });
    expect(
      idsOf(list)
        .slice(0, 10)
        .filter((id) => id < 100),
    ).toEqual([2, 3]);
    expectSound(list);
  });
});

test('lists of chance are sound, and no movie is lost that has a place', () => {
  let state = 7;
  const random = (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  for (let round = 0; round < 60; round++) {
    const rows = Array.from({ length: random(80) }, (_, n): Row => {
      const collection = random(3) === 0 ? 1 + random(6) : undefined;
      return {
        id: n + 1,
        base: (random(200) - 60) / 100,
        released: random(9) === 0 ? null : `20${10 + random(15)}-01-01`,
        language: ['en', 'ko', 'fr'][random(3)] as string,
        genre: String(random(3)),
        average: 4 + random(6),
        ...(collection === undefined ? {} : { collection }),
      };
    });
    const languages = new Map([
      ['ko', random(4)],
      ['fr', random(4)],
    ]);
    const list = build(rows, { spreadGenres: round % 2 === 0, languages });
    expectSound(list);
    const byCollection = Map.groupBy(list, ({ candidate }) => candidate.collection_id);
    byCollection.delete(null);
    for (const [id, parts] of byCollection) {
      const days = parts.map(({ candidate }) => candidate.release_date ?? '~');
      expect(days).toEqual(days.toSorted());
      expect(parts.length).toBeLessThanOrEqual(3);
      const first = list.slice(0, 10).filter(({ candidate }) => candidate.collection_id === id);
      expect(first.length).toBeLessThanOrEqual(2);
    }
    const alone = rows.filter(({ collection }) => collection === undefined).map(({ id }) => id);
    expect(idsOf(list)).toEqual(expect.arrayContaining(alone));
  }
});
