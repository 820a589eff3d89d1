import { numbers } from './numbers.ts';

/** Ids as TMDb's lists have them: one, some and as many as are read, of what many movies have and of what few have. */
const lists = [
  ...['1', '15000', '1,2', '1|2', '1,15000', '1|15000', '1,2|3'],
  ...[numbers(20).join(','), numbers(20).join('|'), numbers(20, 9000).join('|')],
  ...[numbers(50).join(','), numbers(50).join('|'), numbers(50, 3000).join('|')],
];
const genres = ['1', '19', '1,2', '1|2', '1,2,3', '7|1000', numbers(19).join(','), numbers(19).join('|')];
const negated = [
  '1',
  '15000',
  '1,2',
  numbers(20).join(','),
  numbers(50).join('|'),
  numbers(50, 9000).join('|'),
];

const inGermany = 'watch_region=DE';

/** What movies are found by: by itself, then what goes with others. */
const filters = [
  ...lists.flatMap((ids) => [
    `with_keywords=${ids}`,
    `with_companies=${ids}`,
    `with_watch_providers=${ids}&${inGermany}`,
    `with_people=${ids}`,
  ]),
  ...[...genres, ...numbers(3, 4).map(String)].map((ids) => `with_genres=${ids}`),
  ...[...genres, numbers(20, 1000).join(',')].map((ids) => `without_genres=${ids}`),
  ...negated.flatMap((ids) => [
    `without_keywords=${ids}`,
    `without_companies=${ids}`,
    `without_watch_providers=${ids}&${inGermany}`,
  ]),
  ...['with_cast=7', 'with_crew=7', 'with_people=7', `with_cast=${numbers(50).join('|')}`],
  ...[
    'vote_average.gte=9',
    'vote_average.gte=5',
    'vote_average.lte=0.1',
    'vote_average.gte=5&vote_average.lte=5.1',
  ],
  ...['vote_count.gte=1', 'vote_count.gte=10', 'vote_count.gte=10000', 'vote_count.lte=0'],
  ...['with_runtime.gte=90', 'with_runtime.lte=60', 'with_runtime.gte=100&with_runtime.lte=100'],
  ...['primary_release_date.gte=2019-01-01', 'primary_release_date.gte=1990-01-01'],
  ...['primary_release_date.lte=1990-01-01', 'primary_release_date.lte=1925-01-01', 'year=1999', 'year=1930'],
  ...[
    'release_date.gte=1990-01-01&region=DE',
    'release_date.lte=1951-01-01&region=DE',
    'release_date.gte=1900-01-01&region=DE',
  ],
  ...[
    'with_release_type=3',
    'with_release_type=2|3',
    'with_release_type=1,2',
    'with_release_type=6&region=IS',
  ],
  ...['with_release_type=3&region=US', 'with_release_type=1|2|3&region=DE&release_date.gte=1960-01-01'],
  ...[
    'with_original_language=en',
    'with_original_language=ko',
    'with_original_language=de|fr|ja',
    'with_original_language=xx',
  ],
  ...[
    'with_origin_country=US',
    'with_origin_country=IS',
    'with_origin_country=US|FR|DE',
    'with_origin_country=US,FR',
  ],
  ...['certification_country=US&certification=R', 'certification_country=US&certification.lte=R'],
  ...['certification_country=US&certification.gte=NC-17', 'certification_country=DE&certification.lte=18'],
  ...['certification_country=DE&certification=12', 'certification_country=DE&certification.gte=18'],
  ...['flatrate', 'flatrate|rent|buy', 'flatrate,rent', 'buy'].map(
    (ways) => `with_watch_monetization_types=${ways}&${inGermany}`,
  ),
  `with_watch_providers=1|2|3&with_watch_monetization_types=flatrate&${inGermany}`,
  'include_adult=true',
];

/** Together they leave few movies, or many for which much has to be looked at. */
const together = [
  'with_genres=1,2,3&without_genres=4,5',
  `with_genres=1&without_genres=${numbers(19, 2).join(',')}`,
  `with_companies=${numbers(20).join('|')}&vote_average.gte=9.9`,
  `with_companies=${numbers(20).join('|')}&primary_release_date.lte=1925-01-01`,
  `with_keywords=${numbers(50).join('|')}&vote_count.gte=10000`,
  `with_keywords=1&without_keywords=${numbers(50).join('|')}`,
  `with_keywords=1&without_companies=${numbers(50).join('|')}`,
  `with_watch_providers=${numbers(20).join('|')}&${inGermany}&with_genres=1,2`,
  `with_watch_providers=1&${inGermany}&without_genres=${numbers(19).join(',')}`,
  `with_watch_providers=${numbers(50).join('|')}&watch_region=US&certification_country=DE&certification.lte=18`,
  `with_people=7&with_genres=1&with_keywords=1`,
  `with_people=${numbers(50).join('|')}&without_genres=1`,
  'vote_count.gte=10&vote_average.gte=5&with_runtime.gte=90&with_original_language=en',
  'primary_release_date.gte=1990-01-01&vote_average.gte=5&without_genres=1',
  'vote_average.gte=9.9&vote_count.gte=1000',
  'vote_average.gte=9&vote_average.lte=9&with_original_language=ko&year=1960',
  `with_release_type=3&with_origin_country=US&with_keywords=1&with_companies=1`,
  `with_release_type=3&region=US&certification_country=DE&certification=12&with_genres=1`,
  `release_date.gte=1990-01-01&region=DE&with_keywords=1|2|3`,
  `release_date.gte=1960-01-01&region=DE&without_genres=1,2,3&without_keywords=1,2,3`,
  `with_keywords=1,2&with_companies=1,2&${inGermany}&with_watch_providers=1`,
  `with_keywords=1|2|3&with_companies=1|2|3&with_origin_country=US|FR&with_release_type=3|4`,
];

const pages = [1, 11, 126, 250, 500];

/**
 * Queries of `/3/discover/movie` beyond pairs of its parameters.
 * @param sorts its orders @param each how many of the orders and pages each filter is asked with
 */
export function discovered(sorts: readonly string[], each = 6): string[] {
  const ways = sorts.flatMap((sort) => pages.map((page) => `sort_by=${sort}&page=${page}`));
  return [...filters, ...together].flatMap((filter, at) =>
    // Steps that have no divisor in common with the number of ways: in the end every way was gone.
    numbers(Math.min(each, ways.length), 0).map((n) => `${filter}&${ways[(at * 7 + n * 11) % ways.length]}`),
  );
}
