import type { ImportSentences } from '#shared/users/import-reason.ts';

const en: ImportSentences = {
  row_too_long: ({ longest }) => `The row is longer than ${longest}.`,
  quote_out_of_place: () =>
    'A quotation mark in this row is out of place, so its columns cannot be told apart.',
  television: () => 'TMDb lists it as television, not as a movie.',
  neither_title_nor_id: () => 'The row has neither a title nor an id.',
  title_too_long: ({ longest }) => `The title is longer than ${longest} characters.`,
  not_a_movie_at_imdb: ({ kind }) => `IMDb calls it “${kind}”, not a movie.`,
  not_a_movie: ({ kind }) => `The file calls it “${kind}”, not a movie.`,
  partly_read: ({ left_out, mended }) =>
    [
      ...(left_out.length > 0 ? [`Left out, because it could not be read: ${left_out.join(', ')}.`] : []),
      ...(left_out.includes('date')
        ? ['Without its date, the row never replaces an opinion that has one.']
        : []),
      ...(mended ? ['A quotation mark in this row is out of place. Please check what was read.'] : []),
    ].join(' '),
  answer_not_usable: () => 'TMDb’s answer to this could not be used.',
  tmdb_id_unknown: () => 'TMDb has no movie with this id.',
  imdb_id_unknown: () => 'TMDb has no movie with this IMDb id.',
  imdb_id_of_several: () => 'Several movies have this IMDb id.',
  id_contradicted: ({ title, year }) =>
    `Its id is that of “${title}” (${year ?? 'no year'}), and its title and year are of another one.`,
  title_unknown: () => 'TMDb has no movie with this title.',
  title_of_other_years: () => 'TMDb has movies with this title only from other years.',
  no_year: () => 'The row has no year, and the title alone is not enough.',
  better_known_near: () => 'A much better known movie with this title is from a year before or after.',
  title_and_year_of_several: () => 'Several movies have this title and year.',
  title_and_director_of_several: () => 'Several movies have this title and director.',
  not_by_director: () => 'No movie with this title and year is known to be by this director.',
  budget_spent: () =>
    'TMDb was asked about as many rows as it may be for one user in a day. The import goes on tomorrow by itself.',
  service_failed: () =>
    'Something went wrong inside the service. What was found is saved. Import the file again to continue.',
  account_locked: () =>
    'The account was locked while this ran. What was found is saved. Import the file again to continue.',
};

/**
 * Puts a stored reason into words.
 * @param stored a code with its values as JSON; in rows from before codes were kept, the sentence itself
 */
export function wordReason(stored: string | null, sentences: ImportSentences = en): string | null {
  if (stored === null) return null;
  const reason = readReason(stored);
  if (reason === undefined || !Object.hasOwn(sentences, reason.code)) return stored;
  const word: (values: never) => string = sentences[reason.code];
  return word(reason as never);
}

function readReason(stored: string): { code: keyof ImportSentences } | undefined {
  if (!stored.startsWith('{"code":"')) return undefined;
  try {
    return JSON.parse(stored) as { code: keyof ImportSentences };
  } catch {
    return undefined;
  }
}
