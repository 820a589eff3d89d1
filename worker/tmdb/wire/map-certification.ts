import { strictestCertification } from '#shared/movies/certification.ts';
import type { WireCountry } from './schemas.ts';
import { isPresent, type Placed } from './wire-fields.ts';

/** The US certification: the strictest of all its releases there. */
export function mapCertification(countries: readonly Placed<WireCountry>[]): string | null {
  const releases = countries
    .filter(isPresent)
    .filter((country) => country.iso_3166_1.toUpperCase() === 'US')
    .flatMap((country) => country.release_dates.filter(isPresent));
  return strictestCertification(releases.map((release) => release.certification ?? ''));
}
