import { type Fragment, Placeholder, type PlaceholdersOf, raw, sql, unknownValue } from '#shared/db/sql.ts';
import { certificationAges } from '#shared/movies/certification.ts';
import { isYoungEnough } from '#shared/movies/freshness.ts';
import type { Viewer } from '../http/callers/viewer.ts';

const dayMs = 86_400_000;
/** From this age on, titles rated adult are shown. */
export const adultAge = 18;
/** No country asks for more. */
const oldestAge = 21;

/** Whom a list is for. Few values, so that answers can be shared. */
export interface Audience {
  /**
   * The largest of the ages that make a difference and that the caller has reached: of those in the US 0, 13, 14, 17 or
   * 18. `null`: the age is not known, so that adult titles are left out, and nothing else is.
   */
  age: number | null;
  /** `XX`: whose certifications count before those of the US; `null` where that makes no difference. */
  country: string | null;
}

export interface Caller {
  /** `YYYY-MM-DD` */
  dateOfBirth: string | null;
  /** `XX` */
  country: string | null;
}

/** A visitor's, and that of anybody whose age is not known. */
export const unknownAudience: Audience = { age: null, country: null };

const steps = [...new Set([...Object.values(certificationAges), adultAge])].sort((a, b) => b - a);

export function audienceOf(caller: Caller | undefined, nowMs: number): Audience {
  if (caller === undefined || caller.dateOfBirth === null) return unknownAudience;
  const age = ageOf(caller.dateOfBirth, new Date(nowMs));
  const { country } = caller;
  if (country === null || country === 'US' || age >= oldestAge)
    return { age: steps.find((step) => age >= step) ?? 0, country: null };
  return { age: Math.max(0, age), country };
}

export const keyOfAudience = ({ age, country }: Audience): string => `${age}${country ?? ''}`;

/**
 * What the answers to somebody depend on beside what they ask and what is theirs alone: two of one kind who ask the same
 * are shown the same movies in the same words.
 */
export function createKindOf(now: () => number): (viewer: Viewer) => string {
  const known = new WeakMap<Viewer, { day: number; kind: string }>();
  return (viewer) => {
    const nowMs = now();
    // An age changes with the day alone.
    const day = Math.floor(nowMs / dayMs);
    const before = known.get(viewer);
    if (before?.day === day) return before.kind;
    const kind = `${viewer.role}/${keyOfAudience(audienceOf(viewer, nowMs))}/${viewer.country ?? ''}`;
    known.set(viewer, { day, kind });
    return kind;
  };
}

/** Full years, by UTC's calendar. */
function ageOf(dateOfBirth: string, now: Date): number {
  const [year = 0, month = 1, day = 1] = dateOfBirth.split('-').map(Number);
  const hadBirthday =
    now.getUTCMonth() + 1 > month || (now.getUTCMonth() + 1 === month && now.getUTCDate() >= day);
  return now.getUTCFullYear() - year - (hadBirthday ? 0 : 1);
}

const ageOfCertification = raw(
  Object.entries(certificationAges)
    .map(([certification, age]) => `when '${certification}' then ${age}`)
    .join(' '),
);

/**
 * The condition that a list shows a movie to an audience: it is not too old to be shown at all, and this audience may
 * see it.
 * @param name the name of `movies` in the statement
 */
export const visibleTo = (name: string, audience: Audience | PlaceholdersOf<Audience>): Fragment =>
  sql`${isYoungEnough(name)} and ${admittedTo(name, audience)}`;

/** The second half of `visibleTo`, for a statement that takes care of the first in its own way. */
export function admittedTo(name: string, audience: Audience | PlaceholdersOf<Audience>): Fragment {
  if (!(audience.age instanceof Placeholder) || !(audience.country instanceof Placeholder))
    return visibleToKnown(name, audience as Audience);
  const [age, country] = [unknownValue(audience.age, 'int'), unknownValue(audience.country, 'text')];
  const movie = raw(name);
  const adult = raw(String(adultAge));
  return sql`((${movie}.adult is not true or coalesce(${age}, 0) >= ${adult})
    and coalesce(${age}, ${raw(String(oldestAge))}) >= coalesce(
      case when ${country} is not null then (
        select min_age from movie_releases r where r.movie_id = ${movie}.id and r.country = ${country}) end,
      case ${movie}.certification ${ageOfCertification} else 0 end))`;
}

/** The same in words that the planner has statistics for. */
function visibleToKnown(name: string, { age, country }: Audience): Fragment {
  const adult = age !== null && age >= adultAge ? 'true' : `${name}.adult is not true`;
  const inTheUs = certifiedInTheUs(name, age);
  if (age === null || country === null || !/^[A-Z]{2}$/.test(country))
    return raw(`(${adult}${inTheUs === '' ? '' : ` and ${inTheUs}`})`);
  const rated = (condition: string) =>
    `exists (select 1 from movie_releases r where r.movie_id = ${name}.id and r.country = '${country}' and r.min_age ${condition})`;
  const otherwise = inTheUs === '' ? '' : ` and (${inTheUs} or ${rated('is not null')})`;
  return raw(`(${adult} and not ${rated(`> ${age}`)}${otherwise})`);
}

/** Empty where it holds for all. */
function certifiedInTheUs(name: string, age: number | null): string {
  const hidden = Object.entries(certificationAges).filter(([, from]) => age !== null && from > age);
  const list = hidden.map(([certification]) => `'${certification}'`).join(', ');
  return list === '' ? '' : `(${name}.certification is null or ${name}.certification not in (${list}))`;
}
