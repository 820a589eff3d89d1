/** The languages and countries in which the stand-in's movies say more. */
export interface Locale {
  language: string;
  country: string;
  name: string;
  english: string;
  /** A sentence about a movie, in the language. */
  overview(about: About): string;
}

export interface About {
  year: string;
  /** Empty where nobody is known. */
  director: string;
  /** At most two. */
  cast: readonly string[];
}

const joined = (names: readonly string[], and: string) => names.join(and);

export const locales: readonly Locale[] = [
  {
    language: 'de',
    country: 'DE',
    name: 'Deutsch',
    english: 'German',
    overview: ({ year, director, cast }) =>
      `Ein Film${director && ` von ${director}`}${year && ` aus dem Jahr ${year}`}${cast.length > 0 ? `, mit ${joined(cast, ' und ')}` : ''}.`,
  },
  {
    language: 'fr',
    country: 'FR',
    name: 'Français',
    english: 'French',
    overview: ({ year, director, cast }) =>
      `Un film${director && ` de ${director}`}${year && `, sorti en ${year}`}${cast.length > 0 ? `, avec ${joined(cast, ' et ')}` : ''}.`,
  },
  {
    language: 'es',
    country: 'ES',
    name: 'Español',
    english: 'Spanish',
    overview: ({ year, director, cast }) =>
      `Una película${director && ` de ${director}`}${year && `, estrenada en ${year}`}${cast.length > 0 ? `, con ${joined(cast, ' y ')}` : ''}.`,
  },
  {
    language: 'ja',
    country: 'JP',
    name: '日本語',
    english: 'Japanese',
    overview: ({ year, director, cast }) =>
      `${year && `${year}年の`}映画${director && `。監督は${director}`}${cast.length > 0 ? `。出演は${joined(cast, '、')}` : ''}。`,
  },
];

/** What a film certified in the US is certified as elsewhere. */
export const certificationsElsewhere: Readonly<Record<string, readonly string[]>> = {
  G: ['0', 'U', 'TP', 'A', 'G'],
  PG: ['6', 'PG', 'TP', 'A', 'G'],
  'PG-13': ['12', '12A', 'TP', '12', 'G'],
  R: ['16', '15', '12', '16', 'PG12'],
  'NC-17': ['18', '18', '16', '18', 'R18+'],
};

/** In the order of the certifications. */
export const otherCountries = ['DE', 'GB', 'FR', 'ES', 'JP'] as const;
