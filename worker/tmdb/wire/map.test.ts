import { describe, expect, test } from 'bun:test';
import { mirroredColumns } from '#shared/movies/mirrored-columns.ts';
import { originTerm } from '#shared/movies/term-codes.ts';
import { wireCast, wireMovie, wireRow } from '#tests/support/tmdb/movie-fixture.ts';
import type { MirroredMovie } from '#worker/tmdb/wire/mirrored-movie.ts';
import { parseMovie } from './parse-answer.ts';

const map = (patch: Record<string, unknown> = {}): MirroredMovie => parseMovie(wireMovie(patch), 7001);

test('maps a movie whole, and leaves out what we do not store', () => {
  expect(map({ softcore: false, video: false, origin_country: ['NL'] })).toEqual({
    tmdb_id: 7001,
    title: 'The Lighthouse Keeper’s Ledger',
    original_title: 'Vuurtorenboek',
    overview: 'A keeper counts ships.',
    release_date: '2019-04-12',
    poster_path: '/keeper.jpg',
    backdrop_path: '/sea.jpg',
    popularity: 12.5,
    vote_average: 7,
    vote_count: 321,
    adult: false,
    tagline: 'Every light has its price.',
    runtime: 104,
    status: 'Released',
    original_language: 'nl',
    imdb_id: 'tt9900001',
    homepage: 'https://example.org/keeper',
    budget: 1_200_000,
    revenue: 3_400_000,
    certification: null,
    collection: { id: 81, name: 'Harbour Collection' },
    trailers: [],
    genres: [{ id: 18, name: 'Drama' }],
    keywords: [],
    people: [],
    credits: [],
    recommendations: [],
    similar: [],
    translations: [],
    alternative_titles: [],
    releases: [],
    posters: [],
    terms: [originTerm('NL')],
    country_bits: null,
  });
});

test('the whole movie fills every column that is TMDb’s', () => {
  const certification = [{ iso_3166_1: 'US', release_dates: [{ certification: 'PG', type: 3 }] }];
  const movie: Record<string, unknown> = { ...map({ release_dates: { results: certification } }) };
  // These two are made of others when the movie is written.
  const columns = mirroredColumns.filter((column) => !['long_title', 'collection_id'].includes(column));
  expect(columns.filter((column) => (movie[column] ?? null) === null)).toEqual([]);
});

test('a movie of which only id and title are known has null and [] everywhere else', () => {
  const movie = parseMovie({ id: 9, title: 'Bare' }, 9);
  const { tmdb_id, title, ...rest } = movie;
  expect([tmdb_id, title]).toEqual([9, 'Bare']);
  for (const value of Object.values(rest))
    expect(value === null || (value as unknown[]).length === 0).toBe(true);
});

describe('what TMDb left empty', () => {
  test.each(['', null, undefined])('is null when it came as %p', (empty) => {
    const texts = ['overview', 'tagline', 'homepage', 'imdb_id', 'poster_path', 'backdrop_path', 'status'];
    const keys = [...texts, 'original_title', 'original_language', 'release_date'];
    const movie = map(Object.fromEntries(keys.map((key) => [key, empty])));
    for (const key of keys) expect(movie[key as keyof MirroredMovie]).toBeNull();
  });

  test('is null for numbers that TMDb fills with 0', () => {
    expect(map({ runtime: 0, budget: 0, revenue: 0 })).toMatchObject({
      runtime: null,
      budget: null,
      revenue: null,
    });
  });

  test('is not confused with a vote of nobody', () => {
    expect(map({ vote_average: 0, vote_count: 0 })).toMatchObject({ vote_average: 0, vote_count: 0 });
    expect(map({ vote_average: 10.0, vote_count: 0 })).toMatchObject({ vote_average: 10, vote_count: 0 });
    expect(map({ vote_average: 6.667 }).vote_average).toBe(6.667);
  });

  test('adult may be null, a collection may be null, genres may be empty', () => {
    expect(map({ adult: null, belongs_to_collection: null, genres: [] })).toMatchObject({
      adult: null,
      collection: null,
      genres: [],
    });
  });

  test('an imdb_id that only the appended part has is taken from there', () => {
    expect(map({ imdb_id: '', external_ids: { imdb_id: 'tt9900002' } }).imdb_id).toBe('tt9900002');
    expect(map({ imdb_id: null, external_ids: { imdb_id: '' } }).imdb_id).toBeNull();
  });
});

describe('numbers', () => {
  test('a revenue above 2^31 stays exact', () => {
    expect(map({ revenue: 2_923_706_026, budget: 4_000_000_000 })).toMatchObject({
      revenue: 2_923_706_026,
      budget: 4_000_000_000,
    });
  });

  test('a very long film keeps its runtime', () => expect(map({ runtime: 676 }).runtime).toBe(676));

  test.each([
    ['12.25', 12.25],
    [33, 33],
    [null, null],
    ['many', null],
    [{}, null],
    [true, null],
  ])('a popularity of %p is %p', (given, expected) => {
    expect(map({ popularity: given }).popularity).toBe(expected);
  });

  test('what no column could hold is left out', () => {
    expect(map({ runtime: 3e9, vote_count: 1.5, revenue: 1e300, budget: -1 })).toMatchObject({
      runtime: null,
      vote_count: null,
      revenue: null,
      budget: null,
    });
    expect(parseMovie(JSON.parse('{"id":9,"title":"x","popularity":1e999}'), 9).popularity).toBeNull();
  });
});

describe('dates', () => {
  test.each(['2024-02-31', '2023-02-29', '0000-00-00', '2024-13-01', '2024', 'soon', '2024-02-03T00:00:00Z'])(
    '%p is no date',
    (release_date) => expect(map({ release_date }).release_date).toBeNull(),
  );

  test.each(['1888-10-14', '2024-02-29', '2031-12-31'])('%p is one', (release_date) =>
    expect(map({ release_date }).release_date).toBe(release_date),
  );
});

describe('texts', () => {
  test.each([
    ['entities', 'Salt &amp; Iron'],
    ['line breaks', 'one\r\ntwo\nthree'],
    ['zero-width characters', 'no\u200bgap\u200d\ufeff'],
    ['right-to-left script', '\u200fשלום עולם'],
    ['characters beyond the BMP', '𝕏 🎬 𠮷'],
    ['text that is not normalised', 'Cafe\u0301'],
    ['spaces around it', '  padded '],
    ['quotes', `"it's" «so»`],
  ])('%s stay as TMDb wrote them', (_, text) => {
    expect(map({ title: text, overview: text, tagline: text })).toMatchObject({
      title: text,
      overview: text,
      tagline: text,
    });
  });

  test('what PostgreSQL cannot hold goes', () => {
    expect(map({ title: 'a\u0000b\ud800c', overview: '\u0000' })).toMatchObject({
      title: 'ab\ufffdc',
      overview: null,
    });
  });

  test.each([' ', ' \n\t ', '\u00a0', '\u200b\u2060', '\ufeff', '\u3164'])(
    '%j shows nothing, and is none',
    (blank) => {
      const data = { title: blank, overview: blank, tagline: blank, homepage: blank, runtime: 0 };
      const row = { iso_639_1: 'de', iso_3166_1: 'DE', data };
      const french = { iso_639_1: 'fr', iso_3166_1: 'FR', data: { ...data, overview: 'Texte' } };
      expect(
        map({
          ...{ title: blank, original_title: 'Vuur', overview: blank, tagline: blank },
          translations: { translations: [row, french] },
        }),
      ).toMatchObject({
        ...{ title: 'Vuur', overview: null, tagline: null },
        translations: [{ language: 'fr-FR', title: null, overview: 'Texte', tagline: null }],
      });
    },
  );

  test('a title over 255 characters is kept whole, an image path over 255 is none', () => {
    const long = 'x'.repeat(300);
    expect(map({ title: long, poster_path: `/${long}`, backdrop_path: `/${long}` })).toMatchObject({
      title: long,
      poster_path: null,
      backdrop_path: null,
    });
  });

  test.each(['Rumored', 'Planned', 'Canceled', 'Something New'])('status %p is kept', (status) =>
    expect(map({ status }).status).toBe(status),
  );

  test('an empty title falls back to the original one', () =>
    expect(map({ title: '', original_title: 'Vuur' }).title).toBe('Vuur'));
});

test('a genre that the genre list no longer has is kept, one that comes twice is kept once', () => {
  const genres = [
    { id: 10769, name: 'Foreign' },
    { id: 18, name: 'Drama' },
    { id: 18, name: 'Drame' },
    { id: null, name: 'Lost' },
    { id: 0, name: 'Zero' },
  ];
  expect(map({ genres }).genres).toEqual([
    { id: 10769, name: 'Foreign' },
    { id: 18, name: 'Drama' },
  ]);
});

test('keywords are deduped by id, the first name kept', () => {
  const keywords = [{ id: 5, name: 'sea' }, { id: 5, name: 'ocean' }, { id: 6, name: 'ship' }, { name: 'x' }];
  expect(map({ keywords: { keywords } }).keywords).toEqual([
    { id: 5, name: 'sea' },
    { id: 6, name: 'ship' },
  ]);
});

describe('related movies', () => {
  const related = { results: [wireRow(2), wireRow(7001), wireRow(3), wireRow(2), { id: 4 }, wireRow(0)] };

  test('keep TMDb’s order, without the movie itself, repeated and broken rows', () => {
    const movie = map({ recommendations: related, similar: related });
    expect(movie.recommendations.map((row) => row.tmdb_id)).toEqual([2, 3]);
    expect(movie.similar.map((row) => row.tmdb_id)).toEqual([2, 3]);
    expect(movie.similar[0]).toMatchObject({ title: 'Film 2', overview: null, genre_ids: [18] });
  });
});

describe('the certification', () => {
  const us = (...release_dates: unknown[]) => ({ results: [{ iso_3166_1: 'US', release_dates }] });
  const of = (certification: unknown, type: number) => ({ certification, type, release_date: '2019-01-01' });

  test.each([
    ['the theatrical one', us(of('NR', 5), of('R', 3), of('PG', 1)), 'R'],
    ['the next best where the theatrical is empty', us(of('', 3), of('NR', 5), of('PG-13', 4)), 'PG-13'],
    ['the strictest, and not that it is unrated', us(of('NR', 3), of('R', 4)), 'R'],
    ['the strictest of several types', us(of('PG', 3), of('NC-17', 5), of('R', 4)), 'NC-17'],
    ['nothing where nobody rated it', us(of('NR', 3), of('Unrated', 5)), null],
    ['in its usual spelling', us(of('Rated pg13', 3)), 'PG-13'],
    [
      'of every entry of the country',
      { results: [...us(of('G', 3)).results, ...us(of('R', 3)).results] },
      'R',
    ],
    ['limited before premiere', us(of('G', 1), of('PG', 2)), 'PG'],
    ['nothing where all are empty', us(of('', 3), of(' ', 1), of(null, 4)), null],
    ['nothing of another country', { results: [{ iso_3166_1: 'GB', release_dates: [of('15', 3)] }] }, null],
    ['nothing of a broken row', { results: [null, 3, { iso_3166_1: 'US' }] }, null],
  ])('is %s', (_, release_dates, expected) => {
    expect(map({ release_dates }).certification).toBe(expected);
  });
});

test('trailers are those that can be played, official ones first', () => {
  const video = (key: string, patch: object = {}) => ({
    ...{ key, site: 'YouTube', name: `Clip ${key}`, type: 'Trailer', official: false },
    ...patch,
  });
  const results = [
    video('a'),
    video('b', { official: true }),
    video('c', { type: 'Teaser' }),
    video('d', { site: 'Elsewhere' }),
    video('e', { site: 'Vimeo', name: '' }),
    video('a'),
    video('', {}),
    { site: 'YouTube', type: 'Trailer' },
  ];
  expect(map({ videos: { results } }).trailers).toEqual([
    { site: 'YouTube', key: 'b', name: 'Clip b' },
    { site: 'YouTube', key: 'a', name: 'Clip a' },
    { site: 'Vimeo', key: 'e', name: '' },
  ]);
});

describe('credits', () => {
  const crew = (id: unknown, job: string, patch: object = {}) => ({
    ...{ id, name: `Person ${id}`, credit_id: `w${id}${job}`, department: 'Directing', job },
    ...patch,
  });

  test('keep a person who stands twice in one cast, and name the person once', () => {
    const cast = [
      wireCast(1, { credit_id: 'x1', character: 'Twin A' }),
      wireCast(1, { credit_id: 'x2', character: 'Twin B', name: 'Another Name', order: 0 }),
    ];
    const { credits, people } = map({ credits: { cast, crew: [crew(1, 'Director')] } });
    expect(credits.map((c) => [c.credit_id, c.kind, c.character, c.job, c.order, c.position])).toEqual([
      ['x1', 'cast', 'Twin A', null, 0, 0],
      ['x2', 'cast', 'Twin B', null, 0, 1],
      ['w1Director', 'crew', null, 'Director', null, 0],
    ]);
    expect(people).toEqual([
      {
        id: 1,
        name: 'Person 1',
        profile_path: null,
        known_for_department: 'Acting',
        popularity: 2.5,
        gender: 0,
        original_name: null,
        adult: null,
      },
    ]);
  });

  test('leave out whom TMDb gives no id or no name, and keep the places of the others', () => {
    const cast = [wireCast(1), { id: null, name: 'Nobody' }, { id: 3 }, wireCast(4), null, wireCast(2 ** 31)];
    const { credits, people } = map({ credits: { cast, crew: [crew(null, 'Editor'), crew(5, 'Editor')] } });
    expect(credits.map((c) => [c.person_id, c.position])).toEqual([
      [1, 0],
      [4, 3],
      [5, 1],
    ]);
    expect(people.map((p) => p.id)).toEqual([1, 4, 5]);
  });

  test('without an id get one that the same answer gives again, within 64 characters', () => {
    const cast = [wireCast(1, { credit_id: undefined }), wireCast(1, { credit_id: '' })];
    const given = { credits: { cast, crew: [crew(1, 'Writer', { credit_id: 'y'.repeat(65) })] } };
    const ids = map(given).credits.map((c) => c.credit_id);
    expect(ids).toEqual(['cast-1-0', 'cast-1-1', 'crew-1-0']);
    expect(map(given)).toEqual(map(given));
  });

  test('that repeat an id are kept once, the first', () => {
    const cast = [wireCast(1, { credit_id: 'same' }), wireCast(2, { credit_id: 'same' })];
    const { credits, people } = map({ credits: { cast } });
    expect(credits.map((c) => c.person_id)).toEqual([1]);
    expect(people.map((p) => p.id)).toEqual([1]);
  });

  test('may be many', () => {
    const cast = Array.from({ length: 395 }, (_, i) => wireCast(i + 1, { order: i }));
    const many = Array.from({ length: 990 }, (_, i) => crew(i + 1000, 'Animation'));
    const { credits, people } = map({ credits: { cast, crew: many } });
    expect([credits.length, people.length]).toEqual([1385, 1385]);
  });
});
