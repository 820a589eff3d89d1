import { type Catalogue, PAGE_SIZE, pageOf } from './catalogue.ts';
import { creditedPeople } from './credited-people.ts';
import { personRow } from './person-details.ts';
import { fold } from './search.ts';
import type { WireMovie, WirePage } from './wire.ts';

export const namedKinds = ['collection', 'company', 'keyword'] as const;
type NamedKind = (typeof namedKinds)[number];

interface Named {
  id: number;
  name: string;
}

/** Nothing is looked for beyond so many movies of a catalogue. */
const searched = 3000;

const namedIn: Record<NamedKind, (movie: WireMovie) => readonly Named[]> = {
  collection: ({ belongs_to_collection: collection }) => (collection == null ? [] : [collection]),
  company: ({ production_companies }) => production_companies,
  keyword: ({ keywords }) => keywords?.keywords ?? [],
};

/** `undefined`: TMDb refuses a search for nothing. */
export function searchPeople(
  catalogue: Catalogue,
  query: URLSearchParams,
  page: number,
): WirePage<unknown> | undefined {
  const people = [...creditedPeople(catalogue).values()];
  return pageOfFound(people, { query, page, nameOf: ({ person }) => person.name, rowOf: personRow });
}

interface Asked {
  catalogue: Catalogue;
  query: URLSearchParams;
  page: number;
}

/** Collections, companies or keywords by name, as far as movies name them. */
export function searchNamed(
  kind: NamedKind,
  { catalogue, query, page }: Asked,
): WirePage<unknown> | undefined {
  const found = new Map<number, Named>();
  for (let position = 0; position < Math.min(searched, catalogue.size); position++) {
    const movie = catalogue.details(catalogue.idAt(position), kind === 'keyword' ? ['keywords'] : []);
    for (const each of movie === undefined ? [] : namedIn[kind](movie)) found.set(each.id, each);
  }
  return pageOfFound([...found.values()], { query, page, nameOf: ({ name }) => name, rowOf: (row) => row });
}

interface Finding<Each> extends Omit<Asked, 'catalogue'> {
  nameOf: (each: Each) => string;
  rowOf: (each: Each) => unknown;
}

function pageOfFound<Each>(all: readonly Each[], { query, page, nameOf, rowOf }: Finding<Each>) {
  const wanted = fold(query.get('query') ?? '').trim();
  if (wanted === '') return undefined;
  const found = all.filter((each) => fold(nameOf(each)).includes(wanted));
  const rows = found.slice((page - 1) * PAGE_SIZE, page * PAGE_SIZE).map(rowOf);
  const answer = pageOf(rows, page, found.length);
  return found.length === 0 ? { ...answer, total_pages: 0 } : answer;
}
