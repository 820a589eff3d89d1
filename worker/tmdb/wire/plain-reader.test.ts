import { describe, expect, test } from 'bun:test';
import { z } from 'zod';
import { createGeneratedCatalogue } from '#sandbox/generated-catalogue.ts';
import { allParts } from '#sandbox/wire.ts';
import { extremesOf, type Json } from '#tests/support/tmdb/extreme-values.ts';
import { wireCast, wireMovie, wireRow } from '#tests/support/tmdb/movie-fixture.ts';
import { bounds } from './bounds.ts';
import { parse } from './parse-answer.ts';
import { readerOf, refused } from './plain-reader.ts';
import { WireCollection, WireCompany, WirePerson } from './record-schemas.ts';
import { reportLosses } from './report-losses.ts';
import * as schemas from './schemas.ts';

type Told = [field: string, id: number | null, times: number | undefined];

/** What the schema itself says of an answer. */
function bySchema(schema: z.ZodType, json: unknown) {
  const told: Told[] = [];
  const { success, data } = schema.safeParse(json);
  if (success) reportLosses(json, data, (...loss) => void told.push(loss as Told));
  return { data: success ? data : refused, told };
}

function byReader(schema: z.ZodType, json: unknown) {
  const told: Told[] = [];
  const data = readerOf(schema)(json);
  if (data !== refused) parse(schema, json, (...loss) => void told.push(loss as Told));
  return { data, told };
}

function mustAgree(schema: z.ZodType, json: unknown, at: string): void {
  const [one, other] = [bySchema(schema, json), byReader(schema, json)];
  if (!Bun.deepEquals(one, other)) expect({ at, ...other }).toEqual({ at, ...one });
}

const person = { id: 31, name: 'Somebody', popularity: 1, gender: 2, known_for: [] };
const credit = { ...wireRow(41), credit_id: 'c', character: 'x', department: 'Art', job: 'Director' };
const release = { certification: 'R', type: 3, release_date: '2019-01-01T00:00:00.000Z' };
const german = { title: 'x', overview: 'x', tagline: 'x', homepage: 'https://x.example', runtime: 9 };
const named = [
  { id: 1, name: 'x' },
  { id: 2, name: 'y' },
];
const page = { page: 1, results: [wireRow(21), wireRow(22)], total_pages: 1 };

const movie = wireMovie({
  credits: {
    cast: [wireCast(1), wireCast(2)],
    crew: [{ ...wireCast(3), department: 'Art', job: 'Director' }],
  },
  keywords: { keywords: named },
  recommendations: { results: [wireRow(900_001)] },
  similar: { results: [{ ...wireRow(900_002), media_type: 'movie' }] },
  release_dates: { results: [{ iso_3166_1: 'US', release_dates: [release] }] },
  videos: { results: [{ site: 'YouTube', key: 'abc', name: 'Clip', type: 'Trailer', official: true }] },
  external_ids: { imdb_id: 'tt9900001' },
  translations: { translations: [{ iso_639_1: 'de', iso_3166_1: 'DE', data: german }] },
  alternative_titles: { titles: [{ iso_3166_1: 'DE', title: 'x', type: '' }] },
});

/** An answer for each schema by which answers are read. */
const cases: [string, z.ZodType, Json][] = [
  ['the details', schemas.WireMovie, movie],
  ['credits', schemas.WireCredits, movie.credits as Json],
  ['release dates', schemas.WireReleaseDates, movie.release_dates as Json],
  ['translations', schemas.WireTranslations, movie.translations as Json],
  ['titles', schemas.WireTitles, movie.alternative_titles as Json],
  ['a page of movies', schemas.WireMoviePage, page],
  ['changes', schemas.WireChangePage, { results: [{ id: 1 }, { id: 2 }], total_pages: 1 }],
  [
    'a country’s list',
    schemas.WireRegionalPage,
    { ...page, dates: { maximum: '2026-11-01', minimum: '2026-10-01' } },
  ],
  ['people', schemas.WirePeoplePage, { page: 1, results: [person, { ...person, id: 32 }], total_pages: 1 }],
  [
    'what an external id leads to',
    schemas.WireFound,
    { movie_results: [wireRow(1)], person_results: [person], tv_results: [{ id: 1 }] },
  ],
  ['a search by name', schemas.WireNamedPage, { results: named }],
  ['the genres', schemas.WireGenres, { genres: named }],
  [
    'a line of the export',
    schemas.WireExportedId,
    { adult: false, id: 7, original_title: 'Film', popularity: 1.5 },
  ],
  [
    'a person',
    WirePerson,
    {
      ...person,
      imdb_id: 'nm0000001',
      movie_credits: { cast: [credit], crew: [credit] },
      combined_credits: { cast: [{ id: 5 }], crew: [] },
      images: { profiles: [{ file_path: '/p.jpg' }] },
      external_ids: { imdb_id: 'nm0000001' },
      translations: { translations: [{ iso_639_1: 'de' }] },
    },
  ],
  [
    'a collection',
    WireCollection,
    { id: 1, name: 'x', parts: [wireRow(3)], images: { posters: [{}], backdrops: [] } },
  ],
  [
    'a company',
    WireCompany,
    { id: 1, name: 'x', images: { logos: [{}] }, alternative_names: { results: [{}] } },
  ],
];

describe('a reader gives, refuses and loses exactly what its schema does', () => {
  test.each(cases)(
    'of %s, whatever stands in each of its fields',
    (_, schema, json) => {
      const { data, told } = byReader(schema, json);
      expect({ isRead: data !== refused, told }).toEqual({ isRead: true, told: [] });
      for (const broken of extremesOf(() => json)) mustAgree(schema, broken.json, broken.at);
      for (const nothing of [null, undefined, [], {}, '', 'text', 5, true])
        mustAgree(schema, nothing, 'root');
    },
    60_000,
  );

  test('of lists with rows of every kind, and of those that are too long', () => {
    const others = [
      { id: 4, name: 'A series' },
      { ...wireRow(5), media_type: 'tv' },
      { id: 6 },
      { title: 'x' },
    ];
    const results = [
      wireRow(1),
      ...others,
      null,
      undefined,
      '',
      'x',
      7,
      [],
      {},
      wireRow(2, { title: '' }),
      wireRow(3, { title: '', original_title: null }),
    ];
    mustAgree(schemas.WireMoviePage, { results }, 'rows of every kind');
    const long = Array.from({ length: bounds.results.rows + 2 }, (_, n) => wireRow(n + 1));
    mustAgree(schemas.WireMoviePage, { results: long }, 'a list that is too long');
  });

  test('of movies as they are answered', () => {
    const catalogue = createGeneratedCatalogue({ seed: 3, movies: 100 });
    for (let position = 0; position < 100; position++) {
      const answer = JSON.parse(JSON.stringify(catalogue.details(catalogue.idAt(position), allParts)));
      mustAgree(schemas.WireMovie, answer, String(answer.id));
      expect(byReader(schemas.WireMovie, answer).data).not.toBe(refused);
    }
  });

  test('where it knows no reader for a schema', () => {
    const even = z.object({ n: z.int().refine((n) => n % 2 === 0), more: z.string().trim().optional() });
    const strict = z.strictObject({ n: z.int() });
    const next = z.object({ n: z.int() }).overwrite(({ n }) => ({ n: n + 1 }));
    for (const json of [{ n: 2 }, { n: 3 }, { n: 2, more: ' x ' }, { n: 2, more: 5 }, { n: 2, other: 1 }, {}])
      for (const schema of [even, strict, next]) mustAgree(schema, json, JSON.stringify(json));
  });
});
