/** Every reason that a row of an import has, with what its sentence says. */
interface RowReasons {
  /** `longest`: with its unit. */
  row_too_long: { longest: string };
  quote_out_of_place: object;
  television: object;
  neither_title_nor_id: object;
  title_too_long: { longest: number };
  not_a_movie_at_imdb: { kind: string };
  not_a_movie: { kind: string };
  /** The row counts, but for what could not be read of it. `mended`: it had a quotation mark out of place. */
  partly_read: { left_out: ('rating' | 'date' | 'id')[]; mended: boolean };
  answer_not_usable: object;
  tmdb_id_unknown: object;
  imdb_id_unknown: object;
  imdb_id_of_several: object;
  id_contradicted: { title: string; year: number | null };
  title_unknown: object;
  title_of_other_years: object;
  no_year: object;
  better_known_near: object;
  title_and_year_of_several: object;
  title_and_director_of_several: object;
  not_by_director: object;
}

/** Why an import waits or has failed. */
interface ImportErrors {
  budget_spent: object;
  service_failed: object;
  account_locked: object;
}

type Coded<Table> = { [Code in keyof Table]: { code: Code } & Table[Code] }[keyof Table];

export type RowReason = Coded<RowReasons>;
export type ImportError = Coded<ImportErrors>;

type Sentences<Table> = { [Code in keyof Table]: (values: Table[Code]) => string };

/** A sentence for each, in one language: what is missing does not compile. */
export type ImportSentences = Sentences<RowReasons & ImportErrors>;

/** As the columns `reason` and `error` hold it. */
export const storeReason = (reason: RowReason | ImportError): string => JSON.stringify(reason);
