import type { WireNamed } from './wire.ts';

/** TMDb's nineteen movie genres, in the order its genre list has. */
export const genres: readonly WireNamed[] = [
  { id: 28, name: 'Action' },
  { id: 12, name: 'Adventure' },
  { id: 16, name: 'Animation' },
  { id: 35, name: 'Comedy' },
  { id: 80, name: 'Crime' },
  { id: 99, name: 'Documentary' },
  { id: 18, name: 'Drama' },
  { id: 10751, name: 'Family' },
  { id: 14, name: 'Fantasy' },
  { id: 36, name: 'History' },
  { id: 27, name: 'Horror' },
  { id: 10402, name: 'Music' },
  { id: 9648, name: 'Mystery' },
  { id: 10749, name: 'Romance' },
  { id: 878, name: 'Science Fiction' },
  { id: 10770, name: 'TV Movie' },
  { id: 53, name: 'Thriller' },
  { id: 10752, name: 'War' },
  { id: 37, name: 'Western' },
];

/** A genre some real movies still bear though the genre list no longer has it. */
export const retiredGenre: WireNamed = { id: 10769, name: 'Foreign' };

const byId = new Map([...genres, retiredGenre].map((genre) => [genre.id, genre]));
const byName = new Map(genres.map((genre) => [genre.name, genre]));

export function genreById(id: number): WireNamed {
  const genre = byId.get(id);
  if (!genre) throw new Error(`no genre ${id}`);
  return genre;
}

export function genreByName(name: string): WireNamed {
  const genre = byName.get(name);
  if (!genre) throw new Error(`no genre named ${name}`);
  return genre;
}

/** One theme per cluster of movies, in turn: common genres come up more often. */
export const themes: readonly number[] = [
  18, 35, 28, 27, 18, 53, 10749, 35, 99, 18, 878, 80, 16, 18, 35, 12, 53, 27, 10751, 18, 14, 28, 10402, 35,
  36, 18, 9648, 10749, 10752, 99, 37, 10770,
];

/** Genres that usually go along with a theme. */
export const companions: Readonly<Record<number, readonly number[]>> = {
  28: [53, 12, 878, 80],
  12: [28, 14, 10751],
  16: [10751, 12, 14, 35],
  35: [10749, 18, 10751, 80],
  80: [18, 53, 9648],
  99: [36, 10402],
  18: [10749, 36, 80, 53],
  10751: [16, 12, 35, 14],
  14: [12, 10751, 18],
  36: [18, 10752],
  27: [53, 9648, 878],
  10402: [18, 99, 10749],
  9648: [53, 80, 18],
  10749: [18, 35],
  878: [28, 12, 53, 18],
  10770: [18, 10749, 35],
  53: [80, 9648, 28],
  10752: [18, 36, 28],
  37: [28, 12, 18],
};
