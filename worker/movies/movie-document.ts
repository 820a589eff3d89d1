import { type DocumentField, documentFields } from '#shared/movies/document-fields.ts';
import type { KeysOf, MirroredColumn } from '#shared/movies/mirrored-columns.ts';
import type { MirroredMovie, MirroredPerson } from '../tmdb/wire/mirrored-movie.ts';

/**
 * The movie's details in the api's own terms and order, as JSON text, but for `images`, whose URLs the api knows.
 * `document-columns.ts` builds the same from the rows; a test holds the two together. Names of people are those of
 * this answer.
 */
export function movieDocument(movie: MirroredMovie): string {
  const before = known.get(movie);
  if (before !== undefined) return before;
  const found = { ...movie, ...partsOf(movie) };
  const document = JSON.stringify(Object.fromEntries(documentFields.map((field) => [field, found[field]])));
  known.set(movie, document);
  return document;
}

/** A movie that is saved needs it twice: as it is, and for the answer. */
const known = new WeakMap<MirroredMovie, string>();

/**
 * What documents show of a person. The content hash covers this and no more, since the rest (a popularity, say) is
 * the person's own and changes every day.
 */
export const shownOfPerson = ({ id, name, profile_path }: MirroredPerson) => ({ id, name, profile_path });

type ShownPerson = ReturnType<typeof shownOfPerson>;
type People = ReadonlyMap<number, ShownPerson>;

/** The fields that are more than the value of a column, each row with the keys that the table names. */
type Parts = {
  [K in Exclude<DocumentField, 'tmdb_id' | Exclude<MirroredColumn, 'trailers'>>]: K extends 'collection'
    ? Record<KeysOf<K>, unknown> | null
    : Record<KeysOf<K>, unknown>[];
};

function partsOf(movie: MirroredMovie): Parts {
  const people = new Map(movie.people.map((person) => [person.id, shownOfPerson(person)]));
  const { collection } = movie;
  return {
    genres: movie.genres.map(({ id, name }) => ({ id, name })),
    collection: collection && { id: collection.id, name: collection.name },
    directors: directorsOf(movie, people),
    cast: castOf(movie, people),
    crew: crewOf(movie, people),
    keywords: movie.keywords.map(({ id, name }) => ({ id, name })),
    trailers: movie.trailers.map(({ site, key, name }) => ({ site, key, name })),
  };
}

/** In TMDb's order; one who is credited twice directs once. */
function directorsOf({ credits }: MirroredMovie, people: People): Parts['directors'] {
  const directors = credits.filter((credit) => credit.kind === 'crew' && credit.job === 'Director');
  return [...new Set(directors.map((credit) => credit.person_id))].flatMap((id) => {
    const name = people.get(id)?.name;
    return name === undefined ? [] : [{ id, name }];
  });
}

function castOf({ credits }: MirroredMovie, people: People): Parts['cast'] {
  return credits
    .filter((credit) => credit.kind === 'cast')
    .sort(
      (a, b) =>
        (a.order ?? Number.MAX_SAFE_INTEGER) - (b.order ?? Number.MAX_SAFE_INTEGER) ||
        a.position - b.position,
    )
    .flatMap(({ person_id: id, character, order }) => {
      const person = people.get(id);
      return person === undefined
        ? []
        : [{ id, name: person.name, character, order, profile_path: person.profile_path }];
    });
}

/** In TMDb's order. One who did several things is there for each. */
function crewOf({ credits }: MirroredMovie, people: People): Parts['crew'] {
  return credits
    .filter((credit) => credit.kind === 'crew')
    .flatMap(({ person_id: id, department, job }) => {
      const person = people.get(id);
      return person === undefined
        ? []
        : [{ id, name: person.name, department, job, profile_path: person.profile_path }];
    });
}
