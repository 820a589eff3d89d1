interface Range {
  offset: number;
  limit: number;
}

interface Found {
  ids: number[];
  total: number;
}

type Find = (range: Range) => Promise<Found>;

interface Mixed {
  movies: number[];
  people: number[];
  order: { type: 'movie' | 'person'; id: number }[];
  total: number;
  totalOfMovies: number;
}

/** Of four rows one is a person, as long as there are both. */
const block = 4;
const moviesOfBlock = block - 1;

/**
 * A page of movies and people together. How many there are of each is known only after looking: a page that lies
 * otherwise than where there is enough of both is looked for once more.
 */
export async function mixOf(range: Range, findMovies: Find, findPeople: Find): Promise<Mixed> {
  const first = { offset: Math.floor((range.offset / block) * moviesOfBlock), limit: range.limit };
  const guess = { movies: first, people: { offset: Math.floor(range.offset / block), limit: range.limit } };
  const [movies, people] = await Promise.all([findMovies(guess.movies), findPeople(guess.people)]);
  const places = placesOf(range, movies.total, people.total);
  const rangeOf = (type: 'movie' | 'person'): Range => {
    const own = places.filter((place) => place.type === type).map(({ at }) => at);
    return { offset: own[0] ?? 0, limit: own.length };
  };
  const idsOf = async (found: Found, guessed: Range, wanted: Range, find: Find): Promise<number[]> => {
    if (wanted.limit === 0) return [];
    const from = wanted.offset - guessed.offset;
    const isThere = from >= 0 && from + wanted.limit <= guessed.limit;
    return isThere ? found.ids.slice(from, from + wanted.limit) : (await find(wanted)).ids;
  };
  const [movieIds, personIds] = await Promise.all([
    idsOf(movies, guess.movies, rangeOf('movie'), findMovies),
    idsOf(people, guess.people, rangeOf('person'), findPeople),
  ]);
  const left = { movie: [...movieIds], person: [...personIds] };
  const order = places.flatMap(({ type }) => {
    const id = left[type].shift();
    return id === undefined ? [] : [{ type, id }];
  });
  const total = movies.total + people.total;
  return { movies: movieIds, people: personIds, order, total, totalOfMovies: movies.total };
}

interface Place {
  type: 'movie' | 'person';
  /** Among its kind. */
  at: number;
}

/** What stands at each place of a page: three movies and a person in turn, and at last whatever is left. */
export function placesOf({ offset, limit }: Range, movies: number, people: number): Place[] {
  const blocks = Math.min(Math.floor(movies / moviesOfBlock), people);
  const end = Math.min(offset + limit, movies + people);
  return Array.from({ length: Math.max(0, end - offset) }, (_, n): Place => {
    const place = offset + n;
    const [at, within] = [Math.floor(place / block), place % block];
    if (at < blocks)
      return within < moviesOfBlock
        ? { type: 'movie', at: moviesOfBlock * at + within }
        : { type: 'person', at };
    const rest = place - blocks * block + blocks * moviesOfBlock;
    return rest < movies ? { type: 'movie', at: rest } : { type: 'person', at: place - movies };
  });
}
