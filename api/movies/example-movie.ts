const image = (size: string, name: string) => `https://image.tmdb.org/t/p/${size}/keeper-${name}.jpg`;
const soler = { profile_path: '/soler.jpg', profile_url: 'https://image.tmdb.org/t/p/w185/soler.jpg' };

/** An invented one: nothing of TMDb's is in the description. */
export const exampleListItem = {
  tmdb_id: 900001,
  title: 'The Lighthouse Keeper’s Daughter',
  original_title: 'La hija del farero',
  overview: 'She lights the lamp one last time, and somebody answers from the sea.',
  release_date: '2014-09-19',
  poster_path: '/keeper-poster.jpg',
  backdrop_path: '/keeper-backdrop.jpg',
  genres: [{ id: 18, name: 'Drama' }],
  popularity: 41.7,
  vote_average: 7.9,
  vote_count: 3120,
  adult: false,
  poster_url: image('w342', 'poster'),
  backdrop_url: image('w780', 'backdrop'),
};

export const exampleMovie = {
  ...exampleListItem,
  tagline: 'Somebody answers.',
  runtime: 118,
  status: 'Released',
  original_language: 'es',
  imdb_id: 'tt9900001',
  homepage: null,
  certification: 'PG-13',
  collection: { id: 920001, name: 'The Harbor Collection' },
  directors: [{ id: 910001, name: 'Marta Ibarra' }],
  cast: [{ id: 910002, name: 'Lucía Soler', character: 'Inés', order: 0, ...soler }],
  keywords: [{ id: 700241, name: 'lighthouse' }],
  trailers: [{ site: 'YouTube', key: 'abcdefghijk', name: 'Trailer' }],
  crew: [
    {
      id: 910001,
      name: 'Marta Ibarra',
      department: 'Directing',
      job: 'Director',
      profile_path: null,
      profile_url: null,
    },
  ],
  budget: 4_000_000,
  revenue: 21_500_000,
  images: {
    poster: {
      w185: image('w185', 'poster'),
      w342: image('w342', 'poster'),
      w500: image('w500', 'poster'),
      original: image('original', 'poster'),
    },
    backdrop: {
      w300: image('w300', 'backdrop'),
      w780: image('w780', 'backdrop'),
      w1280: image('w1280', 'backdrop'),
      original: image('original', 'backdrop'),
    },
  },
  countries: [{ iso_3166_1: 'ES', name: 'Spain' }],
  companies: [{ id: 930001, name: 'Faro Films', logo_path: null, origin_country: 'ES' }],
  spoken_languages: [{ iso_639_1: 'es', english_name: 'Spanish', name: 'Español' }],
  translations: ['de-DE', 'en-US', 'es-ES'],
  alternative_titles: [{ iso_3166_1: 'MX', title: 'El faro', type: null }],
  release_dates: [
    {
      iso_3166_1: 'US',
      release_dates: [
        { type: 3, release_date: '2014-09-19', certification: 'PG-13', iso_639_1: null, note: null },
      ],
    },
  ],
  providers: {
    region: 'US',
    source: 'JustWatch',
    link: 'https://www.themoviedb.org/movie/900001/watch?locale=US',
    flatrate: [
      { provider_id: 940001, provider_name: 'Farola', logo_path: '/farola.jpg', display_priority: 1 },
    ],
    free: [],
    ads: [],
    rent: [],
    buy: [],
  },
  videos: [
    {
      site: 'YouTube',
      key: 'abcdefghijk',
      name: 'Trailer',
      type: 'Trailer',
      official: true,
      size: 1080,
      iso_639_1: 'en',
      iso_3166_1: 'US',
      published_at: '2014-08-01T12:00:00.000Z',
    },
  ],
} as const;
