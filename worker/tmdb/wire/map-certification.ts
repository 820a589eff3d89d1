import type { WireCountry } from './schemas.ts';
import { isPresent, type Placed } from './wire-fields.ts';

/** TMDb's release types, best first: theatrical, limited, premiere, digital, physical, TV. */
const preference = [3, 2, 1, 4, 5, 6];

/** The US certification: of the theatrical release if it has one, else of the next best. */
export function mapCertification(countries: readonly Placed<WireCountry>[]): string | null {
  const releases = countries
    .filter(isPresent)
    .filter((country) => country.iso_3166_1 === 'US')
    .flatMap((country) => country.release_dates.filter(isPresent));
  for (const type of preference) {
    for (const release of releases) {
      const certification = release.type === type ? release.certification?.trim() : undefined;
      if (certification) return certification;
    }
  }
  return null;
}
