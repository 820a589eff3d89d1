import {
  certificationAges,
  normalizeCertification,
  saysNothing,
  strictestCertification,
} from './certification.ts';

/** Of the US, as it holds on its islands. */
const mpaa = { G: 0, PG: 0, 'PG-13': 13, R: 17, 'NC-17': 18 };

/**
 * What the certifications of a country are, from the mildest to the strictest, and from which age each may be seen
 * alone. 0: by everybody. Kept by hand from what the countries' boards say of films.
 */
const systems: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  AR: { ATP: 0, '+13': 13, '+16': 16, '+18': 18, C: 18 },
  AT: { AA: 0, '0': 0, '6': 6, '8': 8, '10': 10, '12': 12, '14': 14, '16': 16, '18': 18 },
  AU: { E: 0, G: 0, PG: 0, M: 15, 'MA15+': 15, 'MA 15+': 15, 'R18+': 18, 'R 18+': 18, 'X18+': 18, RC: 18 },
  BE: { AL: 0, TP: 0, KT: 0, '6': 6, '9': 9, '12': 12, '14': 14, '16': 16, '18': 18 },
  BG: { A: 0, B: 0, C: 12, D: 16, X: 18 },
  BR: {
    ...{ L: 0, AL: 0, A10: 10, A12: 12, A14: 14, A16: 16, A18: 18 },
    ...{ '10': 10, '12': 12, '14': 14, '16': 16, '18': 18 },
  },
  CA: { E: 0, G: 0, PG: 0, '14A': 14, '16+': 16, '18A': 18, '18+': 18, R: 18, A: 18 },
  CH: { '0': 0, '6': 6, '8': 8, '10': 10, '12': 12, '14': 14, '16': 16, '18': 18 },
  CL: { TE: 0, TE7: 7, '7': 7, '14': 14, '18': 18 },
  CZ: { U: 0, PG: 0, '12': 12, '15': 15, '18': 18 },
  DE: { '0': 0, '6': 6, '12': 12, '16': 16, '18': 18 },
  DK: { A: 0, '7': 7, '11': 11, '15': 15, F: 0 },
  ES: { A: 0, Ai: 0, APTA: 0, '7': 7, '7i': 7, '12': 12, '16': 16, '18': 18, X: 18 },
  FI: { S: 0, T: 0, 'K-7': 7, K7: 7, 'K-12': 12, K12: 12, 'K-16': 16, K16: 16, 'K-18': 18, K18: 18, KK: 18 },
  FR: { U: 0, TP: 0, '10': 10, '12': 12, '16': 16, '18': 18, X: 18 },
  GB: { U: 0, PG: 0, '12A': 12, '12': 12, '15': 15, '18': 18, R18: 18 },
  GR: { K: 0, K12: 12, 'K-12': 12, K15: 15, K16: 16, K18: 18, 'K-18': 18 },
  HK: { I: 0, IIA: 0, IIB: 15, III: 18 },
  HU: { KN: 0, '6': 6, '12': 12, '16': 16, '18': 18, X: 18 },
  ID: { SU: 0, '13+': 13, '17+': 17, '21+': 21 },
  IE: { G: 0, PG: 0, '12A': 12, '12': 12, '15A': 15, '15': 15, '16': 16, '18': 18 },
  IL: { All: 0, '12': 12, '14': 14, '16': 16, '18': 18 },
  IN: { U: 0, UA: 12, 'UA 7+': 7, 'UA 13+': 13, 'UA 16+': 16, A: 18, S: 18 },
  IT: {
    T: 0,
    '6+': 6,
    '6': 6,
    VM10: 10,
    '10': 10,
    VM12: 12,
    '12': 12,
    VM14: 14,
    '14+': 14,
    VM18: 18,
    '18+': 18,
  },
  JP: { G: 0, PG12: 12, 'R15+': 15, 'R18+': 18 },
  KR: {
    ALL: 0,
    All: 0,
    '7': 7,
    '12': 12,
    '15': 15,
    '18': 18,
    '19': 19,
    'Restricted Screening': 19,
    Restricted: 19,
  },
  LT: { V: 0, 'N-7': 7, 'N-13': 13, 'N-16': 16, 'N-18': 18 },
  LU: { EA: 0, '6': 6, '12': 12, '16': 16, '18': 18 },
  LV: { U: 0, '7+': 7, '12+': 12, '16+': 16, '18+': 18 },
  MO: { A: 0, B: 13, C: 18, D: 18 },
  MX: { AA: 0, A: 0, B: 12, 'B-15': 15, B15: 15, C: 18, D: 18 },
  MY: {
    U: 0,
    P12: 12,
    P13: 13,
    '13': 13,
    '16': 16,
    '18': 18,
    '18SG': 18,
    '18SX': 18,
    '18PA': 18,
    '18PL': 18,
  },
  NL: { AL: 0, '6': 6, '9': 9, '12': 12, '14': 14, '16': 16, '18': 18 },
  NO: { A: 0, '6': 6, '7': 7, '9': 9, '11': 11, '12': 12, '15': 15, '18': 18 },
  NZ: {
    ...{ G: 0, PG: 0, M: 16, R13: 13, RP13: 13, R15: 15, R16: 16, RP16: 16, R18: 18, RP18: 18, R: 18 },
    ...{ '13': 13, '15': 15, '16': 16, '18': 18 },
  },
  PH: { G: 0, PG: 0, 'R-13': 13, 'R-16': 16, 'R-18': 18, X: 18 },
  PL: { '0': 0, AL: 0, '7': 7, '12': 12, '15': 15, '16': 16, '18': 18 },
  PR: mpaa,
  PT: {
    Públicos: 0,
    A: 0,
    'M/3': 3,
    'M/4': 4,
    'M/6': 6,
    'M/12': 12,
    'M/14': 14,
    'M/16': 16,
    'M/18': 18,
    P: 18,
  },
  RU: { '0+': 0, '6+': 6, '12+': 12, '16+': 16, '18+': 18 },
  SE: { BTL: 0, Btl: 0, '7': 7, '11': 11, '15': 15 },
  SG: { G: 0, PG: 0, PG13: 13, NC16: 16, M18: 18, R21: 21 },
  SK: { U: 0, '7': 7, '12': 12, '15': 15, '18': 18 },
  TH: {
    ...{ P: 0, G: 0, '13': 13, '13+': 13, '15': 15, '15+': 15, '18': 18, '18+': 18, '20': 20, '20+': 20 },
    Banned: 20,
  },
  TR: {
    'Genel İzleyici Kitlesi': 0,
    '6A': 6,
    '6+': 6,
    '7+': 7,
    '10A': 10,
    '10+': 10,
    '13A': 13,
    '13+': 13,
    '16+': 16,
    '18+': 18,
  },
  TW: { '0+': 0, '6+': 6, '12+': 12, '15+': 15, '18+': 18 },
  VI: mpaa,
  ZA: { A: 0, PG: 0, '7-9PG': 7, '10-12PG': 10, '13': 13, '16': 16, '18': 18, X18: 18, XX: 18 },
};

/** What is left of the ways to write the same: `K-12` and `k12`. */
export const certificationKey = (text: string): string =>
  text
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[^\p{L}\p{N}]/gu, '');

/** A country's certifications, the mildest first. Empty where we know none. @param country `XX`, but not the US */
export const certificationsOf = (country: string): string[] =>
  Object.entries(systems[country] ?? {})
    .sort(([, one], [, other]) => one - other)
    .map(([name]) => name);

/** What else is written for a country's certifications, without an age in it. */
const alsoWritten: typeof systems = {
  AU: { MA: 15, R: 18, X: 18 },
  BR: { Livre: 0 },
  DE: { 'o.A.': 0, 'ohne Altersbeschränkung': 0, 'keine Jugendfreigabe': 18, KJ: 18, 'SPIO/JK': 18 },
  ES: { TP: 0, 'Todos los públicos': 0 },
  FR: { 'Tous publics': 0 },
  GB: { Uc: 0, A: 0, AA: 14, X: 18 },
  KR: { 전체관람가: 0, 청소년관람불가: 19, 청불: 19, 제한상영가: 19 },
  SE: { Barntillåten: 0 },
  SG: { RA: 21 },
  TW: { 普遍級: 0, 保護級: 6, 輔導級: 12, 限制級: 18 },
};

/** No board asks for more. */
const oldest = 21;

/** By country and by what is left of the ways to write them. Of what is written otherwise no order is known. */
const rated = new Map(
  Object.keys(systems).map((country) => {
    const own = Object.entries(systems[country] ?? {}).map(([name, age], strictness) => ({
      name,
      age,
      strictness,
    }));
    const also = Object.entries(alsoWritten[country] ?? {}).map(([name, age]) => ({
      name,
      age,
      strictness: -1,
    }));
    // The system's own come last, so that they count.
    return [
      country,
      new Map([...also, ...own].map(({ name, ...rest }) => [certificationKey(name), rest])),
    ] as const;
  }),
);

export interface RatedCertification {
  /** In the country's own words. */
  certification: string;
  /** From which age it may be seen alone; null where that is not known. */
  age: number | null;
}

/**
 * The strictest of a country's certifications of a movie that says something; `null` where none does.
 * @param country `XX`
 */
export function strictestIn(country: string, given: readonly string[]): RatedCertification | null {
  if (country === 'US') return strictestInTheUs(given);
  const known = given.flatMap((text) => readCertification(country, text));
  const [first, ...others] = known;
  if (first === undefined) return null;
  const { certification, age } = others.reduce((most, one) => (isStricter(one, most) ? one : most), first);
  return { certification, age };
}

function strictestInTheUs(given: readonly string[]): RatedCertification | null {
  const certification = strictestCertification(given);
  return certification === null
    ? null
    : { certification, age: certificationAges[certification] ?? (isMild.has(certification) ? 0 : null) };
}

const isMild = new Set(['G', 'PG', 'TV-Y', 'TV-G', 'TV-Y7', 'TV-PG']);

interface Read extends RatedCertification {
  strictness: number;
}

function readCertification(country: string, given: string): Read[] {
  const certification = given.normalize('NFKC').trim();
  const key = certificationKey(certification);
  if (saysNothing(key)) return [];
  const known = rated.get(country);
  const found = known?.get(key) ?? known?.get(key.replace(/^CAT(EGORY)?/, ''));
  if (found !== undefined) return [{ certification, ...found }];
  // Of another system, or of one that we do not know: most have the age in them.
  const years = /\d{1,2}/.exec(key)?.[0];
  const age = years === undefined || Number(years) > oldest ? ageInTheUs(certification) : Number(years);
  return [{ certification, age, strictness: -1 }];
}

/** Of what has no age in it many are those of the US: `R`, `TV-MA`, `X`. */
const ageInTheUs = (certification: string): number | null =>
  certificationAges[normalizeCertification(certification) ?? ''] ?? null;

const isStricter = (one: Read, other: Read): boolean =>
  ((one.age ?? -1) - (other.age ?? -1) || one.strictness - other.strictness) > 0;
