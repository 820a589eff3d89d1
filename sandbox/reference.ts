import { certificationsElsewhere, locales, otherCountries } from './locales.ts';

const countries = ['US', 'DE', 'GB', 'FR', 'ES', 'JP', 'CA'].map((code) => {
  const name = new Intl.DisplayNames('en', { type: 'region' }).of(code) ?? code;
  return { iso_3166_1: code, english_name: name, native_name: name };
});
const languages = [{ language: 'en', country: 'US', name: 'English', english: 'English' }, ...locales];

const inCountry = (country: string, certifications: readonly string[]) =>
  certifications.map((certification, order) => ({
    certification,
    meaning: `The certification ${certification} of ${country}.`,
    order: order + 1,
  }));

const certifications = Object.fromEntries([
  ['US', inCountry('US', ['NR', ...Object.keys(certificationsElsewhere)])],
  ...otherCountries.map((country, place) => [
    country,
    inCountry(country, [
      ...new Set(Object.values(certificationsElsewhere).map((elsewhere) => elsewhere[place] ?? '')),
    ]),
  ]),
]);

const providers = ['Lantern', 'Ninth Row', 'Harbor+', 'Kestrel Store', 'Old Mill Rental'].map(
  (provider_name, place) => ({
    display_priorities: Object.fromEntries(countries.map(({ iso_3166_1 }) => [iso_3166_1, place])),
    display_priority: place,
    logo_path: `/sandbox-provider-${900_001 + place}.jpg`,
    provider_name,
    provider_id: [900_001, 900_002, 900_003, 900_010, 900_011][place],
  }),
);

/** TMDb's lists of codes, as far as the stand-in knows them, by path. */
export const referenceLists: Readonly<Record<string, unknown>> = {
  '/configuration/countries': countries,
  '/configuration/jobs': [
    { department: 'Directing', jobs: ['Director'] },
    { department: 'Writing', jobs: ['Screenplay', 'Writer'] },
    { department: 'Production', jobs: ['Producer'] },
    { department: 'Camera', jobs: ['Director of Photography'] },
    { department: 'Sound', jobs: ['Original Music Composer'] },
    { department: 'Editing', jobs: ['Editor'] },
  ],
  '/configuration/languages': languages.map(({ language, name, english }) => ({
    iso_639_1: language,
    english_name: english,
    name,
  })),
  '/configuration/primary_translations': languages.map(({ language, country }) => `${language}-${country}`),
  '/configuration/timezones': countries.map(({ iso_3166_1 }) => ({
    iso_3166_1,
    zones: [`Zone/${iso_3166_1}`],
  })),
  '/certification/movie/list': { certifications },
  '/watch/providers/movie': { results: providers },
  '/watch/providers/regions': { results: countries },
};
