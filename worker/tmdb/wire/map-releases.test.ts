import { expect, test } from 'bun:test';
import { wireMovie } from '#tests/support/tmdb/movie-fixture.ts';
import { mapPosters } from './map-posters.ts';
import { parseMovie } from './parse-answer.ts';

const at = (type: number, day: string, certification = '') => ({
  type,
  release_date: `${day}T00:00:00.000Z`,
  certification,
});
const releases = (results: unknown[]) => parseMovie(wireMovie({ release_dates: { results } }), 7001).releases;

test('the date of a country is the earliest of the first type: 3, 2, 1, 4, 5, 6', () => {
  const days = [6, 5, 4, 1, 2, 3].map((type) => at(type, `2020-0${type}-01`));
  for (let left = days.length; left > 0; left--) {
    const [first] = releases([{ iso_3166_1: 'DE', release_dates: days.slice(0, left) }]);
    expect(first?.release_date).toBe(days[left - 1]?.release_date.slice(0, 10) ?? '');
  }
  const twice = [at(3, '2021-05-06'), at(3, '2020-05-06'), at(1, '2019-01-01')];
  expect(releases([{ iso_3166_1: 'DE', release_dates: twice }])[0]?.release_date).toBe('2020-05-06');
});

test('of several certifications of a country the strictest counts, with its age', () => {
  const rated = (country: string, ...certifications: string[]) =>
    releases([
      { iso_3166_1: country, release_dates: certifications.map((one) => at(3, '2020-01-01', one)) },
    ]).map(({ certification, min_age }) => [certification, min_age])[0];
  expect(rated('DE', '', '12', '16', '6')).toEqual(['16', 16]);
  expect(rated('GB', '12A', '15', 'U')).toEqual(['15', 15]);
  expect(rated('US', 'PG', 'NR', 'R')).toEqual(['R', 17]);
  expect(rated('US', 'PG')).toEqual(['PG', 0]);
  expect(rated('AU', 'M', 'MA 15+')).toEqual(['MA 15+', 15]);
  expect(rated('FR', 'TP', 'U')).toEqual(['TP', 0]);
  expect(rated('ES', 'NR', '')).toEqual([null, null]);
  // Of a country whose system we do not know.
  expect(rated('ZA', '16LV')).toEqual(['16LV', 16]);
  expect(rated('ZA', 'Family')).toEqual(['Family', null]);
});

test('what is no country, and what says nothing, is left out; a country that is named twice is one', () => {
  expect(
    releases([
      { iso_3166_1: 'ZZ', release_dates: [at(3, '2020-01-01')] },
      { iso_3166_1: 'FR', release_dates: [{ certification: '', type: 3, release_date: 'soon' }] },
      { iso_3166_1: 'IT', release_dates: [at(3, '2020-02-02', 'T')] },
      { iso_3166_1: 'it', release_dates: [at(3, '2020-01-01', 'VM14')] },
    ]),
  ).toEqual([{ country: 'IT', release_date: '2020-01-01', certification: 'VM14', min_age: 14 }]);
});

test('the first poster in each language is taken, and only names of files', () => {
  const poster = (iso_639_1: unknown, file_path: unknown) => ({ iso_639_1, file_path });
  const posters = [
    poster(null, '/none.jpg'),
    poster('de', 'https://example.org/x.jpg'),
    poster('de', '/de.jpg'),
    poster('de', '/second.jpg'),
    poster('xx', '/xx.jpg'),
    poster('fr', '/fr.jpg'),
    null,
  ];
  expect(mapPosters({ posters })).toEqual([
    { language: 'de', path: '/de.jpg' },
    { language: 'fr', path: '/fr.jpg' },
  ]);
  for (const broken of [undefined, null, 1, [], {}, { posters: {} }]) expect(mapPosters(broken)).toEqual([]);
});
