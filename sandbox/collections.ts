import type { WireCollection } from './wire.ts';

/** The collections of the well-known films: id, name and the ids of its members. */
const collections: readonly [id: number, name: string, movies: readonly number[]][] = [
  [10, 'Star Wars Collection', [11, 1891, 1892]],
  [84, 'Indiana Jones Collection', [85]],
  [119, 'The Lord of the Rings Collection', [120, 121, 122]],
  [230, 'The Godfather Collection', [238, 240]],
  [263, 'The Dark Knight Collection', [155]],
  [264, 'Back to the Future Collection', [105]],
  [328, 'Jurassic Park Collection', [329]],
  [528, 'The Terminator Collection', [218, 280]],
  [2344, 'The Matrix Collection', [603]],
  [2366, 'Jaws Collection', [578]],
  [2883, 'Kill Bill Collection', [24]],
  [2980, 'Ghostbusters Collection', [620]],
  [8091, 'Alien Collection', [348, 679, 8077]],
  [8945, 'Mad Max Collection', [76341]],
  [10194, 'Toy Story Collection', [862, 10193]],
  [86311, 'The Avengers Collection', [24428]],
  [87096, 'Avatar Collection', [19995]],
  [137697, 'Finding Nemo Collection', [12]],
  [422837, 'Blade Runner Collection', [78]],
  [468222, 'The Incredibles Collection', [9806]],
  [726871, 'Dune Collection', [438631]],
  [920001, 'The Harbor Collection', [900001]],
];

const byMovie = new Map<number, WireCollection>();
for (const [id, name, movies] of collections) {
  for (const movie of movies) {
    byMovie.set(movie, {
      id,
      name,
      poster_path: `/sandbox-collection-${id}-poster.jpg`,
      backdrop_path: `/sandbox-collection-${id}-backdrop.jpg`,
    });
  }
}

export function famousCollectionOf(movieId: number): WireCollection | null {
  return byMovie.get(movieId) ?? null;
}
