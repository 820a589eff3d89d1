import { z } from 'zod';
import { maxTmdbId } from '#shared/jobs/catalog.ts';
import { isLanguageCode, isProductionCountry } from '#shared/languages/codes.ts';
import { plainText } from '../http/input/plain-text.ts';
import { wholeNumber } from '../http/input/whole-number.ts';

/** Several of a kind: all of them, or any. */
export interface Several<Value> {
  any: boolean;
  /** Each once, in one order, so that the same list is asked for with the same words. */
  values: Value[];
}

const mostValues = 20;
const mostMovies = 100;
const idsMessage = `must be up to ${mostValues} ids from 1 to ${maxTmdbId}, separated either by , (all of them) or by | (any of them)`;
const moviesMessage = `must be up to ${mostMovies} ids from 1 to ${maxTmdbId}, separated by commas`;
const voteMessage = 'must be a number from 0 to 10';
const dateMessage = 'must be a date as YYYY-MM-DD';
const countriesMessage = `must be up to ${mostValues} countries such as DE, separated either by , (all of them) or by | (any of them)`;
const languageMessage = 'must be a language such as de';
const certificationsMessage = `must be up to ${mostValues} certifications such as PG-13, of up to 30 characters, separated by |`;

/** What `,` and `|` are between; nothing where both are. */
function readSeveral(text: string, isValue: (text: string) => boolean): Several<string> | undefined {
  const any = text.includes('|');
  const values = [...new Set(text.split(any ? '|' : ','))].sort();
  return values.length <= mostValues && values.every(isValue) ? { any, values } : undefined;
}

const isId = (text: string) => /^\d{1,10}$/.test(text) && Number(text) >= 1 && Number(text) <= maxTmdbId;
const numbersOf = (texts: readonly string[]) => [...new Set(texts.map(Number))].sort((a, b) => a - b);

function readIds(text: string): Several<number> | undefined {
  const several = readSeveral(text, isId);
  return several && { any: several.any, values: numbersOf(several.values) };
}

const readCountries = (text: string): Several<string> | undefined =>
  readSeveral(text.toUpperCase(), isProductionCountry);

function readMovies(text: string): number[] | undefined {
  const texts = text.split(',');
  return texts.length <= mostMovies && texts.every(isId) ? numbersOf(texts) : undefined;
}

function readCertifications(text: string): string[] | undefined {
  const names = [...new Set(text.split('|').map((each) => each.trim()))].sort();
  const areGood = names.every(({ length }) => length >= 1 && length <= 30);
  return names.length <= mostValues && areGood ? names : undefined;
}

const readLanguage = (text: string): string | undefined => {
  const code = text.toLowerCase();
  return isLanguageCode(code) ? code : undefined;
};

/** A text that is read into something else afterwards, and is described as the text that it is. */
const readable = (message: string, read: (text: string) => unknown) =>
  z.string(message).refine((text) => read(text) !== undefined, message);

const ids = (of: string) =>
  readable(idsMessage, readIds).meta({
    description: `${of}: one id, several separated by \`,\` (all of them), or by \`|\` (any of them).`,
  });

const minVote = z
  .string(voteMessage)
  .regex(/^\d{1,2}(\.\d{1,6})?$/, voteMessage)
  .transform(Number)
  .pipe(z.number(voteMessage).min(0, voteMessage).max(10, voteMessage))
  .meta({ description: 'The lowest `vote_average`. Movies without one are left out.' });

/** There is no year 0. */
const date = z.iso.date(dateMessage).refine((text) => !text.startsWith('0000'), dateMessage);

/** What movies are filtered by. Where several are given, a movie passes all of them. */
export const filterParameters = {
  ids: readable(moviesMessage, readMovies)
    .optional()
    .meta({
      description: `Up to ${mostMovies} ids of movies, separated by commas. In place of one that was merged into another movie, that one is shown. What the mirror does not have is left out, and the order is that of \`sort\`.`,
    }),
  genre: ids('Genres').optional(),
  year: wholeNumber(1, 9999).optional().meta({ description: 'The year of release.' }),
  min_vote: minVote.optional(),
  min_vote_count: wholeNumber(0, maxTmdbId)
    .optional()
    .meta({ description: 'The lowest `vote_count`. Movies without one are left out.' }),
  released_from: date.optional().meta({
    description: 'The first day of release, as `YYYY-MM-DD`. Movies without a date are left out.',
  }),
  released_to: date.optional().meta({ description: 'The last day of release. Not before `released_from`.' }),
  runtime_min: wholeNumber(0, 100_000)
    .optional()
    .meta({ description: 'The shortest `runtime`, in minutes. Movies without one are left out.' }),
  runtime_max: wholeNumber(0, 100_000)
    .optional()
    .meta({ description: 'The longest `runtime`, in minutes. Not less than `runtime_min`.' }),
  original_language: readable(languageMessage, readLanguage)
    .optional()
    .meta({ description: 'The original language, such as `de` (ISO 639-1).' }),
  country: readable(countriesMessage, readCountries).optional().meta({
    description:
      'Countries of production, such as `DE` (ISO 3166-1): those that the details show as `countries`. Several separated by `,` (all of them) or by `|` (any of them).',
  }),
  director: ids('Directors, ids of people').optional(),
  actor: ids('People in the cast').optional(),
  keyword: ids('Keywords').optional(),
  company: ids('Companies of production').optional(),
  provider: ids(
    'Providers with which it can be seen in the country of `region`, in whichever way',
  ).optional(),
  certification: plainText
    .refine((text) => readCertifications(text) !== undefined, certificationsMessage)
    .optional()
    .meta({
      description:
        'Certifications such as `PG-13`, several separated by `|` (any of them). With `region` they are those of that country. Without it, they are those of the country of your profile, or of the default of the service, and for a movie that has none there, those of the US.',
    }),
};

export interface AskedFilters {
  ids?: number[] | undefined;
  genres?: Several<number> | undefined;
  year?: number | undefined;
  minVote?: number | undefined;
  minVoteCount?: number | undefined;
  /** `YYYY-MM-DD`, both inclusive. */
  releasedFrom?: string | undefined;
  releasedTo?: string | undefined;
  /** Minutes, both inclusive. */
  runtimeMin?: number | undefined;
  runtimeMax?: number | undefined;
  originalLanguage?: string | undefined;
  countries?: Several<string> | undefined;
  directors?: Several<number> | undefined;
  actors?: Several<number> | undefined;
  keywords?: Several<number> | undefined;
  companies?: Several<number> | undefined;
  providers?: (Several<number> & { region: string }) | undefined;
  certifications?: AskedCertifications | undefined;
}

export interface AskedCertifications {
  names: string[];
  /** `XX` */
  region: string;
  /** Those of the US count for a movie that has none in the region. */
  orOfUs: boolean;
}

type Parameters = {
  [Name in keyof typeof filterParameters]?: z.output<(typeof filterParameters)[Name]> | undefined;
};

/** @param region whose providers and certifications count; `isAsked`: and no others */
export function askedFilters(asked: Parameters, region: { code: string; isAsked: boolean }): AskedFilters {
  const read = <Value>(text: string | undefined, as: (text: string) => Value | undefined) =>
    text === undefined ? undefined : as(text);
  const providers = read(asked.provider, readIds);
  const names = read(asked.certification, readCertifications);
  const orOfUs = !region.isAsked && region.code !== 'US';
  return {
    ids: read(asked.ids, readMovies),
    genres: read(asked.genre, readIds),
    year: asked.year,
    minVote: asked.min_vote,
    minVoteCount: asked.min_vote_count,
    releasedFrom: asked.released_from,
    releasedTo: asked.released_to,
    runtimeMin: asked.runtime_min,
    runtimeMax: asked.runtime_max,
    originalLanguage: read(asked.original_language, readLanguage),
    countries: read(asked.country, readCountries),
    directors: read(asked.director, readIds),
    actors: read(asked.actor, readIds),
    keywords: read(asked.keyword, readIds),
    companies: read(asked.company, readIds),
    providers: providers && { ...providers, region: region.code },
    certifications: names && { names, region: region.code, orOfUs },
  };
}

/** Ends of ranges that are the wrong way round. */
export function refuseRanges(asked: Parameters, context: z.RefinementCtx): void {
  const { released_from: from, released_to: to, runtime_min: min, runtime_max: max } = asked;
  const refuse = (path: string, message: string) =>
    context.addIssue({ code: 'custom', path: [path], message });
  if (from !== undefined && to !== undefined && from > to)
    refuse('released_to', 'must not be before released_from');
  if (min !== undefined && max !== undefined && min > max)
    refuse('runtime_max', 'must not be less than runtime_min');
}
