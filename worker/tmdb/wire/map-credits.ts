import type { CreditKind } from '#shared/people/credit.ts';
import type { MirroredCredit, MirroredPerson } from '#worker/tmdb/wire/mirrored-movie.ts';
import { firstById } from './map-listed-movie.ts';
import type { WireCredits, WireListedPerson } from './schemas.ts';
import { isPresent } from './wire-fields.ts';

type Cast = NonNullable<WireCredits['cast'][number]>;
type Crew = NonNullable<WireCredits['crew'][number]>;

interface MappedCredits {
  people: MirroredPerson[];
  credits: MirroredCredit[];
}

/** Credits are keyed on `credit_id`, since a person may stand twice in one cast; the first of a repeated one is kept. */
export function mapCredits(wire: WireCredits): MappedCredits {
  const credits = new Map<string, MirroredCredit>();
  const people: (Cast | Crew)[] = [];
  const add = (row: Cast | Crew, credit: MirroredCredit) => {
    if (credits.has(credit.credit_id)) return;
    credits.set(credit.credit_id, credit);
    people.push(row);
  };
  wire.cast.forEach((row, position) => {
    if (isPresent(row)) add(row, castCredit(row, position));
  });
  wire.crew.forEach((row, position) => {
    if (isPresent(row)) add(row, crewCredit(row, position));
  });
  return { people: firstById(people).map(mapPerson), credits: [...credits.values()] };
}

function castCredit(row: Cast, position: number): MirroredCredit {
  return {
    credit_id: creditId(row, 'cast', position),
    person_id: row.id,
    kind: 'cast',
    character: row.character,
    department: null,
    job: null,
    order: row.order,
    position,
  };
}

function crewCredit(row: Crew, position: number): MirroredCredit {
  return {
    credit_id: creditId(row, 'crew', position),
    person_id: row.id,
    kind: 'crew',
    character: null,
    department: row.department,
    job: row.job,
    order: null,
    position,
  };
}

/** TMDb's own, or one that the same answer always gives again. */
function creditId(row: Cast | Crew, kind: CreditKind, position: number): string {
  return row.credit_id ?? `${kind}-${row.id}-${position}`;
}

export function mapPerson(row: WireListedPerson): MirroredPerson {
  const { id, name, profile_path, known_for_department, popularity, gender, original_name, adult } = row;
  return { id, name, profile_path, known_for_department, popularity, gender, original_name, adult };
}
