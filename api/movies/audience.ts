import { type Fragment, Placeholder, raw, sql } from '#shared/db/sql.ts';
import { certificationAges } from '#shared/movies/certification.ts';
import { isYoungEnough } from '#shared/movies/freshness.ts';

/** From this age on, titles rated adult are shown. */
const adultAge = 18;

/**
 * Whom a list is for, as the largest of these ages that the caller has reached: 0, 13, 14, 17 or 18. `null`: the age
 * is not known, so that adult titles are left out, and nothing else is. Few values, so that answers can be shared.
 */
export type Audience = number | null;

const steps = [...new Set([...Object.values(certificationAges), adultAge])].sort((a, b) => b - a);

/** @param dateOfBirth `YYYY-MM-DD` */
export function audienceOf(dateOfBirth: string | null | undefined, nowMs: number): Audience {
  if (dateOfBirth === null || dateOfBirth === undefined) return null;
  const age = ageOf(dateOfBirth, new Date(nowMs));
  return steps.find((step) => age >= step) ?? 0;
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
export const visibleTo = (name: string, audience: Audience | Placeholder<Audience>): Fragment =>
  sql`${isYoungEnough(name)} and ${admittedTo(name, audience)}`;

/** The second half of `visibleTo`, for a statement that takes care of the first in its own way. */
export function admittedTo(name: string, audience: Audience | Placeholder<Audience>): Fragment {
  if (!(audience instanceof Placeholder)) return visibleToKnown(name, audience);
  const movie = raw(name);
  const adult = raw(String(adultAge));
  return sql`((${movie}.adult is not true or coalesce(${audience}::int, 0) >= ${adult})
    and coalesce(${audience}::int, ${adult}) >= case ${movie}.certification ${ageOfCertification} else 0 end)`;
}

/** The same in words that the planner has statistics for. */
function visibleToKnown(name: string, audience: Audience): Fragment {
  const hidden = Object.entries(certificationAges).filter(([, age]) => audience !== null && age > audience);
  const list = hidden.map(([certification]) => `'${certification}'`).join(', ');
  const adult = audience !== null && audience >= adultAge ? 'true' : `${name}.adult is not true`;
  return raw(
    `(${adult}${list === '' ? '' : ` and (${name}.certification is null or ${name}.certification not in (${list}))`})`,
  );
}
