import { isCountryCode } from '#shared/languages/codes.ts';
import { strictestIn } from '#shared/movies/certification-systems.ts';
import type { MirroredRelease } from './mirrored-movie.ts';
import type { WireCountry } from './schemas.ts';
import { isPresent, type Placed } from './wire-fields.ts';

/** TMDb's types of releases, as they count: in cinemas, there on few screens, premiere, digital, on discs, on television. */
const typesInTurn = [3, 2, 1, 4, 5, 6];

/** When a movie came out in each country, and for whom. A country that TMDb names twice is one. */
export function mapReleases(countries: readonly Placed<WireCountry>[]): MirroredRelease[] {
  const byCountry = Map.groupBy(countries.filter(isPresent), ({ iso_3166_1: code }) => code.toUpperCase());
  return [...byCountry].flatMap(([country, rows]) => {
    if (!isCountryCode(country)) return [];
    const dates = rows.flatMap((row) => row.release_dates.filter(isPresent));
    const rated = strictestIn(
      country,
      dates.map(({ certification }) => certification ?? ''),
    );
    const release_date = firstDate(dates);
    if (rated === null && release_date === null) return [];
    return [
      { country, release_date, certification: rated?.certification ?? null, min_age: rated?.age ?? null },
    ];
  });
}

type WireRelease = NonNullable<Placed<WireCountry>>['release_dates'][number] & {};

/** The earliest of the first type that there is. */
function firstDate(dates: readonly WireRelease[]): string | null {
  for (const type of typesInTurn) {
    const days = dates.flatMap((row) =>
      row.type === type && row.release_date !== null ? [row.release_date] : [],
    );
    const [first] = days.sort();
    if (first !== undefined) return first;
  }
  return null;
}
