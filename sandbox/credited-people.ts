import type { Catalogue } from './catalogue.ts';
import type { WireCast, WireCrew, WireMovie, WireRow } from './wire.ts';

/** Nobody's films are looked for beyond so many movies of a catalogue. */
const searched = 3000;
/** From the end as well: that is where movies added to the catalogue are. */
const searchedAtEnd = 100;

export interface Credited {
  /** As the first movie names them. */
  person: WireCast | WireCrew;
  cast: (WireRow & Pick<WireCast, 'character' | 'credit_id' | 'order'>)[];
  crew: (WireRow & Pick<WireCrew, 'credit_id' | 'department' | 'job'>)[];
}

interface Index {
  size: number;
  people: ReadonlyMap<number, Credited>;
}

const indexes = new WeakMap<Catalogue, Index>();

/** Everybody who is credited in the first movies of a catalogue, worked out when it is first asked for. */
export function creditedPeople(catalogue: Catalogue): ReadonlyMap<number, Credited> {
  const known = indexes.get(catalogue);
  if (known?.size === catalogue.size) return known.people;
  const people = new Map<number, Credited>();
  for (const movie of moviesOf(catalogue)) addCredits(people, movie, catalogue);
  indexes.set(catalogue, { size: catalogue.size, people });
  return people;
}

function* moviesOf(catalogue: Catalogue): Generator<WireMovie> {
  const { size } = catalogue;
  const positions = [
    ...Array(Math.min(searched, size)).keys(),
    ...Array.from({ length: searchedAtEnd }, (_, back) => size - 1 - back),
  ];
  for (const position of new Set(positions.filter((at) => at >= 0))) {
    const movie = catalogue.details(catalogue.idAt(position), ['credits']);
    if (movie !== undefined) yield movie;
  }
}

function addCredits(people: Map<number, Credited>, movie: WireMovie, catalogue: Catalogue): void {
  const row = catalogue.row(movie.id);
  if (row === undefined || movie.credits === undefined) return;
  const of = (person: WireCast | WireCrew) => {
    const credited = people.get(person.id) ?? { person, cast: [], crew: [] };
    people.set(person.id, credited);
    return credited;
  };
  for (const player of movie.credits.cast) {
    const { character = null, credit_id, order = 0 } = player;
    of(player).cast.push({ ...row, character, credit_id, order });
  }
  for (const worker of movie.credits.crew) {
    const { credit_id, department = '', job = '' } = worker;
    of(worker).crew.push({ ...row, credit_id, department, job });
  }
}
