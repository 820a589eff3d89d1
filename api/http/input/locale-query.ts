import { z } from 'zod';
import { isCountryCode } from '#shared/languages/codes.ts';
import { parseLanguage, tagOf } from '#shared/languages/language.ts';

const languageMessage = 'must be a language such as de-DE';
const regionMessage = 'must be a country such as DE';

const language = z
  .string(languageMessage)
  .refine((text) => parseLanguage(text) !== undefined, languageMessage)
  .transform((text) => {
    const found = parseLanguage(text);
    return found === undefined ? text : tagOf(found);
  })
  .pipe(z.string())
  .optional()
  .meta({
    description:
      'The language of texts: ISO 639-1 and ISO 3166-1, such as `de-DE`. Without it, `Accept-Language` counts, and then the default of the service. A text that is missing in it is answered in the same language of another country, in English, or in the original language.',
  });

/** Of a country: `DE`. */
export const Country = z
  .string(regionMessage)
  .refine((text) => isCountryCode(text.toUpperCase()), regionMessage)
  .transform((text) => text.toUpperCase())
  .pipe(z.string());

const region = Country.optional().meta({
  description:
    'The country of release dates, certifications and providers: ISO 3166-1, such as `DE`. Without it, the country of your profile counts, and then the default of the service (but then `release_date` is TMDb’s own).',
});

/** `?language`, of every route that shows texts. */
export const languageParameter = { language };
/** `?language&region`, of every route that shows movies. */
export const localeParameters = { language, region };
