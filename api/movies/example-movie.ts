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
};

const image = (size: string, name: string) => `https://image.tmdb.org/t/p/${size}/keeper-${name}.jpg`;

export const exampleMovie = {
  ...exampleListItem,
  tagline: 'Somebody answers.',
  runtime: 118,
  status: 'Released',
  original_language: 'es',
  imdb_id: 'tt9900001',
  homepage: null,
  certification: 'PG-13',
  collection: null,
  directors: [{ id: 910001, name: 'Marta Ibarra' }],
  cast: [{ id: 910002, name: 'Lucía Soler', character: 'Inés', order: 0, profile_path: '/soler.jpg' }],
  keywords: [{ id: 920001, name: 'lighthouse' }],
  trailers: [{ site: 'YouTube', key: 'abcdefghijk', name: 'Trailer' }],
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
};
