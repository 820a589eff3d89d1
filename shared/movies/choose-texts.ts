import { otherCodes } from '../languages/language.ts';

/** What a movie is called and what it is about in one language. What is empty is null. */
export interface Translation {
  /** `xx-YY` */
  language: string;
  title: string | null;
  overview: string | null;
  tagline: string | null;
  homepage: string | null;
  runtime: number | null;
}

/** A movie as TMDb describes it where no language is asked for: in English, or as the original where that is missing. */
export interface DescribedMovie extends Omit<Translation, 'language'> {
  original_title: string | null;
  original_language: string | null;
}

export interface Chosen<Value> {
  value: Value;
  /** What it is in: `xx-YY`, or `xx` for an original of whatever country; null where there is nothing. */
  language: string | null;
}

export type ChosenTexts = { [Field in keyof Omit<Translation, 'language'>]: Chosen<Translation[Field]> };

const english = 'en-US';

type Field = keyof ChosenTexts;

/** Of those who read some fields only, a row has no others. */
type Row = Pick<Translation, 'language'> & Partial<Translation>;
type Described = Pick<DescribedMovie, 'original_title' | 'original_language'> & Partial<DescribedMovie>;

/**
 * The rule of `/api`, field by field: the language itself, the same language of another country (in TMDb's order),
 * English, the original. In the film's own language the original title is its translation.
 * @param asked `xx-YY`
 * @returns what chooses one field
 */
export function textChooser(movie: Described, translations: readonly Row[], asked: string) {
  const rows = rowsOf(movie, translations);
  const code = asked.slice(0, 2);
  const codes = [code, otherCodeOf(code), 'en', movie.original_language];
  const turns = rows.map((row) => (row.language === asked ? -1 : turnIn(codes, row)));
  return <F extends Field>(field: F): Chosen<Translation[F]> => {
    let chosen: Chosen<Translation[F]> = { value: null as Translation[F], language: null };
    let chosenTurn = never;
    // One walk and no lists: it is done for each movie of each list.
    for (let place = 0; place < rows.length; place++) {
      const { [field]: value = null, language } = rows[place] as Row;
      const turn = turns[place] ?? never;
      if (turn >= chosenTurn || value === null) continue;
      chosen = { value: value as Translation[F], language };
      chosenTurn = turn;
    }
    if (field !== 'title' || chosen.value !== null) return chosen;
    return { value: movie.original_title as Translation[F], language: movie.original_language };
  };
}

export function chooseTexts(
  movie: DescribedMovie,
  translations: readonly Translation[],
  asked: string,
): ChosenTexts {
  const choose = textChooser(movie, translations, asked);
  return {
    title: choose('title'),
    overview: choose('overview'),
    tagline: choose('tagline'),
    homepage: choose('homepage'),
    runtime: choose('runtime'),
  };
}

function rowsOf(movie: Described, translations: readonly Row[]): Row[] {
  const { original_language: own, original_title: original } = movie;
  // What TMDb says without a language is en-US, where the title may be the original one for want of another.
  const isTranslated = own === 'en' || movie.title !== original;
  const rows: Row[] = [{ ...movie, language: english, title: isTranslated ? (movie.title ?? null) : null }];
  for (const row of translations) {
    if (row.language === english) continue;
    const isOwn = codeOf(row) === own;
    rows.push(isOwn && row.title === null ? { ...row, title: original } : row);
  }
  // Also where TMDb has no translation into it.
  if (own !== null && !rows.some((row) => codeOf(row) === own)) rows.push({ language: own, title: original });
  return rows;
}

const otherCodeOf = (code: string): string | null =>
  code in otherCodes ? otherCodes[code as keyof typeof otherCodes] : null;

const codeOf = ({ language }: Row) => language.slice(0, 2);

const never = Number.POSITIVE_INFINITY;

function turnIn(codes: readonly (string | null)[], row: Row): number {
  const place = codes.indexOf(codeOf(row));
  return place === -1 ? never : place;
}
