import { type Catalogue, PAGE_SIZE, pageOf } from './catalogue.ts';
import { type Credited, creditedPeople } from './credited-people.ts';
import { chanceOf, mix, salts } from './random.ts';
import type { WirePage } from './wire.ts';

const personParts = ['movie_credits', 'combined_credits', 'images', 'external_ids', 'translations'] as const;
type PersonPart = (typeof personParts)[number];

/** A person as TMDb gives them, with the parts asked for; all that is not credited somewhere is invented. */
export function personJson(
  catalogue: Catalogue,
  id: number,
  appended: readonly string[],
): Record<string, unknown> | undefined {
  const credited = creditedPeople(catalogue).get(id);
  if (credited === undefined) return undefined;
  const parts = personParts.filter((part) => appended.includes(part));
  return {
    ...detailsOf(id, credited),
    ...Object.fromEntries(parts.map((part) => [part, makers[part](id, credited)])),
  };
}

const two = (value: number) => String(value).padStart(2, '0');
const towns = [
  'Lisbon, Portugal',
  'Leeds, England, UK',
  'Kyoto, Japan',
  'Graz, Austria',
  'Tampa, Florida, USA',
];

function detailsOf(id: number, credited: Credited) {
  const { person } = credited;
  const roll = mix(7, id, salts.person);
  const born = `${1930 + (roll % 70)}-${two(1 + (roll % 12))}-${two(1 + (roll % 28))}`;
  return {
    adult: false,
    also_known_as: [`${person.name} (II)`],
    biography: biographyOf(credited, english),
    birthday: born,
    deathday: null,
    gender: person.gender ?? 0,
    homepage: null,
    id,
    imdb_id: imdbIdOf(id),
    known_for_department: person.known_for_department ?? 'Acting',
    name: person.name,
    place_of_birth: towns[roll % towns.length] ?? null,
    popularity: person.popularity ?? 0,
    profile_path: person.profile_path ?? null,
  };
}

const byVotes = <Row extends { vote_count: number }>(rows: readonly Row[]) =>
  rows.toSorted((a, b) => b.vote_count - a.vote_count);
const ofMovies = <Row>(rows: readonly Row[]) => rows.map((row) => ({ ...row, media_type: 'movie' }));

const makers: Record<PersonPart, (id: number, credited: Credited) => unknown> = {
  movie_credits: (_id, { cast, crew }) => ({ cast, crew }),
  combined_credits: (_id, { cast, crew }) => ({ cast: ofMovies(cast), crew: ofMovies(crew) }),
  images: (id, { person }) => ({
    profiles:
      person.profile_path == null
        ? []
        : [person.profile_path, `/sandbox-person-${id}-2.jpg`].map((file_path) => ({
            aspect_ratio: 0.667,
            height: 1500,
            iso_639_1: null,
            file_path,
            vote_average: 5,
            vote_count: 1,
            width: 1000,
          })),
  }),
  external_ids: (id) => ({
    freebase_mid: null,
    freebase_id: null,
    imdb_id: imdbIdOf(id),
    tvrage_id: null,
    wikidata_id: `Q${id}`,
    facebook_id: null,
    instagram_id: null,
    tiktok_id: null,
    twitter_id: null,
    youtube_id: null,
  }),
  translations: (_id, credited) => ({
    translations: biographies.map((each) =>
      translated(each.language, each.country, each.name, biographyOf(credited, each)),
    ),
  }),
};

/** How a life is told in a language: nothing of it is anybody's but what films they were in. */
interface Biography {
  language: string;
  country: string;
  name: string;
  and: string;
  text(person: string, films: string): string;
}

const english: Biography = {
  language: 'en',
  country: 'US',
  name: 'English',
  and: 'and',
  text: (person, films) => `${person} is known for ${films}.`,
};
const biographies: readonly Biography[] = [
  english,
  {
    language: 'de',
    country: 'DE',
    name: 'German',
    and: 'und',
    text: (person, films) => `${person} ist bekannt durch ${films}.`,
  },
  // Empty, as many are at TMDb.
  { language: 'fr', country: 'FR', name: 'French', and: 'et', text: () => '' },
  {
    language: 'es',
    country: 'ES',
    name: 'Spanish',
    and: 'y',
    text: (person, films) => `A ${person} se le conoce por ${films}.`,
  },
];

function biographyOf({ person, cast, crew }: Credited, { and, text }: Biography): string {
  const films = new Map(byVotes([...cast, ...crew]).map((film) => [film.id, film]));
  const named = [...films.values()]
    .slice(0, 3)
    .map(
      ({ original_title, release_date }) =>
        `${original_title}${release_date && ` (${release_date.slice(0, 4)})`}`,
    );
  const last = named.pop() ?? '';
  return text(person.name, named.length === 0 ? last : `${named.join(', ')} ${and} ${last}`);
}

const translated = (language: string, country: string, name: string, biography: string) => ({
  iso_3166_1: country,
  iso_639_1: language,
  name,
  english_name: name,
  data: { biography, name: '' },
});

export type PeopleOrder = 'popular' | 'day' | 'week';

/** A page of the best known people, each with what they are known for. */
export function peoplePage(catalogue: Catalogue, order: PeopleOrder, page: number): WirePage<unknown> {
  const salt = order === 'popular' ? undefined : salts[order];
  const keyOf = ({ person }: Credited) =>
    (person.popularity ?? 0) * (salt === undefined ? 1 : 0.5 + chanceOf(7, person.id, salt));
  const people = [...creditedPeople(catalogue).values()]
    .toSorted((a, b) => keyOf(b) - keyOf(a) || a.person.id - b.person.id)
    .slice(0, 12 * PAGE_SIZE);
  const rows = people.slice((page - 1) * PAGE_SIZE, page * PAGE_SIZE).map((credited) => ({
    ...personRow(credited),
    ...(order === 'popular' ? {} : { media_type: 'person' }),
  }));
  return pageOf(rows, page, people.length);
}

/** Somebody as a row of a list. */
export const personRow = ({ person, cast, crew }: Credited) => ({
  adult: false,
  gender: person.gender ?? 0,
  id: person.id,
  known_for_department: person.known_for_department ?? 'Acting',
  name: person.name,
  original_name: person.name,
  popularity: person.popularity ?? 0,
  profile_path: person.profile_path ?? null,
  known_for: ofMovies(byVotes([...cast, ...crew]).slice(0, 3)),
});

const imdbIdOf = (id: number) => `nm${String(id).padStart(7, '0')}`;

/** Whom IMDb calls so; nobody, or one. */
export function personOfImdb(catalogue: Catalogue, imdbId: string) {
  const credited = creditedPeople(catalogue).get(Number(/^nm(\d+)$/.exec(imdbId)?.[1]));
  if (credited === undefined || imdbIdOf(credited.person.id) !== imdbId) return [];
  return [{ ...personRow(credited), media_type: 'person' }];
}
