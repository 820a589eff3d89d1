import type { Person } from './people.ts';
import { mix } from './random.ts';
import type { WireCast, WireCrew } from './wire.ts';

const hex8 = (value: number) => ((value >>> 0) + 0x1_0000_0000).toString(16).slice(1);

/** A credit id of 24 hex digits that says the same movie, part, person and position for ever. */
export function creditId(movieId: number, part: 'cast' | 'crew', personId: number, position: number): string {
  const place = (part === 'cast' ? 0 : 0x8000) + position;
  return hex8(movieId) + hex8(mix(movieId, personId, place)) + hex8((personId << 16) ^ place);
}

// Written out twice rather than spread: a thousand movies a second have fifteen of these each.
export function castCredit(movieId: number, person: Person, character: string, order: number): WireCast {
  return {
    adult: false,
    gender: person.gender,
    id: person.id,
    known_for_department: person.department,
    name: person.name,
    original_name: person.name,
    popularity: person.popularity,
    profile_path: person.profilePath,
    cast_id: order + 1,
    character,
    credit_id: creditId(movieId, 'cast', person.id, order),
    order,
  };
}

export function crewCredit(
  movieId: number,
  person: Person,
  post: { job: string; department: string },
  position: number,
): WireCrew {
  return {
    adult: false,
    gender: person.gender,
    id: person.id,
    known_for_department: person.department,
    name: person.name,
    original_name: person.name,
    popularity: person.popularity,
    profile_path: person.profilePath,
    credit_id: creditId(movieId, 'crew', person.id, position),
    department: post.department,
    job: post.job,
  };
}
