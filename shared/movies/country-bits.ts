/** Those that produce most: each has a bit of `movies.country_bits` of its own. The order must never change. */
const countries =
  'US FR GB DE JP IN CA IT ES CN BR KR HK MX AR AU SE RU BE NL SU PL DK PH TW TR CH AT FI NO EG GR CZ HU PT IE IR TH ID CL IL ZA NG RO NZ UA CO CS YU BG RS VE PE HR VN MY SG EE LU XC'.split(
    ' ',
  );

/** The countries that `bitsOfCountries` tells apart. */
export const countriesWithBits: readonly string[] = countries;

/** Whether the bits alone say of every movie whether it is of this country. */
export const hasCountryBit = (country: string): boolean => countries.includes(country);

/**
 * For an index that says of a movie whether it is of a country, as PostgreSQL reads a `bigint`; countries that produce
 * few movies have no bit, and are found by their terms.
 */
export const bitsOfCountries = (of: readonly string[]): string =>
  of
    .map((country) => countries.indexOf(country))
    .filter((bit) => bit >= 0)
    .reduce((mask, bit) => mask | (1n << BigInt(bit)), 0n)
    .toString();
