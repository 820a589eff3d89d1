import { afterAll, beforeAll, expect, test } from 'bun:test';
import type { Database } from '#shared/orm/database.ts';
import { testDatabase } from '#tests/support/database.ts';
import { credit, listedMovie, mirroredMovie, person } from '#tests/support/mirrored-movie-factory.ts';
import type { AnsweredMovie } from '../tmdb/wire/mirrored-movie.ts';
import { saveMovies } from './save-movies.ts';

let database: Database;
const now = new Date('2026-11-01T12:00:00Z');
const later = new Date('2026-11-02T12:00:00Z');

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

const tables = [
  'movie_genres',
  'movie_keywords',
  'credits',
  'movie_relations',
  'movie_translations',
  'movie_alternative_titles',
  'movie_releases',
  'movie_posters',
  'movie_other_titles',
] as const;

const named = (...ids: number[]) => ids.map((id) => ({ id, name: `Named ${id}` }));
const played = (...roles: string[]) =>
  roles.map((character, position) =>
    credit(`c-${character[0]}`, 1, { character, order: position, position }),
  );
const titled = (language: string, title: string | null, more = {}) => ({
  ...{ language, title, overview: `Of ${language}`, tagline: null, homepage: null, runtime: null },
  ...more,
});
const alsoKnown = (...titles: string[]) => titles.map((title) => ({ country: 'FR', title, type: null }));
const released = (country: string, min_age: number | null) => ({
  ...{ country, min_age, release_date: '2001-02-03', certification: min_age === null ? null : `${min_age}` },
});

const base: Partial<AnsweredMovie> = {
  genres: named(1, 2, 3),
  keywords: named(1, 2, 3),
  people: [person(1, 'Ada Actor')],
  credits: played('A "quoted" \\ role', 'Bandit', 'Cook, {cold}'),
  recommendations: [listedMovie(801), listedMovie(802), listedMovie(803)],
  similar: [listedMovie(801), listedMovie(804)],
  translations: [titled('de-DE', 'Titel'), titled('fr-FR', 'Titre'), titled('es-ES', null)],
  alternative_titles: alsoKnown('Uno', 'Dos', 'NULL'),
  releases: [released('DE', 12), released('FR', null), released('US', 17)],
  posters: [
    { language: 'de', path: '/de.jpg' },
    { language: 'fr', path: '/fr.jpg' },
  ],
};

type Case = [what: string, table: (typeof tables)[number], changes: Partial<AnsweredMovie>];
const cases: Case[] = [
  ['a genre is added', 'movie_genres', { genres: named(1, 2, 3, 4) }],
  ['a genre is removed', 'movie_genres', { genres: named(1, 3) }],
  ['genres are in another order', 'movie_genres', { genres: named(1, 3, 2) }],
  ['all genres are removed', 'movie_genres', { genres: [] }],
  ['a keyword is added', 'movie_keywords', { keywords: named(1, 2, 3, 4) }],
  ['a keyword is removed', 'movie_keywords', { keywords: named(2, 3) }],
  ['keywords are in another order', 'movie_keywords', { keywords: named(2, 1, 3) }],
  [
    'a credit is added',
    'credits',
    { credits: played('A "quoted" \\ role', 'Bandit', 'Cook, {cold}', 'Dog') },
  ],
  ['a credit is removed', 'credits', { credits: played('A "quoted" \\ role', 'Bandit') }],
  [
    'credits are in another order',
    'credits',
    { credits: played('Bandit', 'A "quoted" \\ role', 'Cook, {cold}') },
  ],
  [
    'a role is called otherwise',
    'credits',
    { credits: played('A "quoted" \\ role', 'Bandits', 'Cook, {cold}') },
  ],
  [
    'a credit is somebody else’s',
    'credits',
    {
      people: [person(1, 'Ada Actor'), person(2, 'Ben Actor')],
      credits: (base.credits ?? []).map((each, index) => (index === 1 ? { ...each, person_id: 2 } : each)),
    },
  ],
  ['a relation is added', 'movie_relations', { similar: [801, 804, 805].map((id) => listedMovie(id)) }],
  ['a relation is removed', 'movie_relations', { recommendations: [listedMovie(801), listedMovie(802)] }],
  [
    'relations are in another order',
    'movie_relations',
    { recommendations: [801, 803, 802].map((id) => listedMovie(id)) },
  ],
  [
    'a translation is added',
    'movie_translations',
    { translations: [...(base.translations ?? []), titled('it-IT', 'Titolo')] },
  ],
  ['a translation is removed', 'movie_translations', { translations: [titled('de-DE', 'Titel')] }],
  [
    'the title of a translation is another',
    'movie_translations',
    { translations: [titled('de-DE', 'Ganz anders'), titled('fr-FR', 'Titre'), titled('es-ES', null)] },
  ],
  [
    'two translations swap their titles',
    'movie_translations',
    { translations: [titled('de-DE', 'Titre'), titled('fr-FR', 'Titel'), titled('es-ES', null)] },
  ],
  [
    'the titles of all translations are gone',
    'movie_translations',
    { translations: [titled('de-DE', null), titled('fr-FR', null), titled('es-ES', null)] },
  ],
  [
    'a translation says more',
    'movie_translations',
    {
      translations: [
        titled('de-DE', 'Titel', { tagline: 'Mehr', runtime: 99 }),
        titled('fr-FR', 'Titre'),
        titled('es-ES', null),
      ],
    },
  ],
  ['all translations are removed', 'movie_translations', { translations: [] }],
  [
    'an alternative title is added',
    'movie_alternative_titles',
    { alternative_titles: alsoKnown('Uno', 'Dos', 'NULL', 'Tres') },
  ],
  [
    'an alternative title is removed',
    'movie_alternative_titles',
    { alternative_titles: alsoKnown('Uno', 'Dos') },
  ],
  [
    'alternative titles are in another order',
    'movie_alternative_titles',
    { alternative_titles: alsoKnown('Uno', 'NULL', 'Dos') },
  ],
  ['all alternative titles are removed', 'movie_alternative_titles', { alternative_titles: [] }],
  ['a release is added', 'movie_releases', { releases: [...(base.releases ?? []), released('IT', 6)] }],
  ['a release is removed', 'movie_releases', { releases: [released('DE', 12), released('US', 17)] }],
  [
    'a release has another age',
    'movie_releases',
    { releases: [released('DE', 16), released('FR', null), released('US', 17)] },
  ],
  [
    'a poster is added',
    'movie_posters',
    { posters: [...(base.posters ?? []), { language: 'it', path: '/it.jpg' }] },
  ],
  ['a poster is another', 'movie_posters', { posters: [{ language: 'de', path: '/de2.jpg' }] }],
  ['all posters are removed', 'movie_posters', { posters: [] }],
];

/** What a table has of a movie, and by which transaction each row was written. */
async function rowsOf(table: string, tmdbId: number): Promise<Map<string, string>> {
  const { rows } = await database.pool.query<{ content: string; xmin: string }>(
    `select (to_jsonb(t) - 'movie_id')::text as content, t.xmin::text from ${table} t
     join movies m on m.id = t.movie_id where m.tmdb_id = $1 order by 1`,
    [tmdbId],
  );
  return new Map(rows.map(({ content, xmin }) => [content, xmin]));
}

const save = (at: Date, ...movies: AnsweredMovie[]) =>
  saveMovies(database.orm.em.fork(), movies, { now: at });

test.each(cases)('%s: in %s that is written, and nothing else', async (_what, changedTable, changes) => {
  const tmdbId = 10_000 + 10 * cases.findIndex(([what]) => what === _what);
  const movie = (id: number, more: Partial<AnsweredMovie> = {}) => mirroredMovie(id, { ...base, ...more });
  await save(now, movie(tmdbId), movie(tmdbId + 1));
  const neighbour = movie(tmdbId + 1, { tagline: 'Only this' });
  const before = new Map<string, Map<string, string>>();
  for (const table of tables) before.set(table, await rowsOf(table, tmdbId));
  const beside = await Promise.all(tables.map((table) => rowsOf(table, tmdbId + 1)));

  await save(later, movie(tmdbId, changes), neighbour);
  // Written for the first time: what the changed one has to come to.
  await save(later, movie(tmdbId + 2, changes));

  for (const table of tables) {
    const after = await rowsOf(table, tmdbId);
    expect([...after.keys()]).toEqual([...(await rowsOf(table, tmdbId + 2)).keys()]);
    const was = before.get(table) ?? new Map();
    if (table === changedTable) expect([...after.keys()]).not.toEqual([...was.keys()]);
    for (const [content, xmin] of after)
      if (was.has(content))
        expect({ table, content, xmin }).toEqual({ table, content, xmin: was.get(content) });
  }
  expect(await Promise.all(tables.map((table) => rowsOf(table, tmdbId + 1)))).toEqual(beside);
});
