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

/**
 * The rule of `/api`, field by field: the language itself, the same language of another country (in TMDb's order),
 * English, the original. In the film's own language the original title is its translation.
 * @param asked `xx-YY`
 */
export function chooseTexts(
  movie: DescribedMovie,
  translations: readonly Translation[],
  asked: string,
): ChosenTexts {
  const { original_language: own, original_title: original } = movie;
  // What TMDb says without a language is en-US, where the title may be the original one for want of another.
  const isTranslated = own === 'en' || movie.title !== original;
  const described = { ...movie, language: english, title: isTranslated ? movie.title : null };
  const others = translations
    .filter(({ language }) => language !== english)
    .map((row) => (isOf(own, row) ? { ...row, title: row.title ?? original } : row));
  const rows: Translation[] = [described, ...others];
  // Also where TMDb has no translation into it.
  if (own !== null && !rows.some((row) => isOf(own, row))) rows.push(originalIn(own, original));
  const inTurn = [
    ...rows.filter(({ language }) => language === asked),
    ...rows.filter((row) => isOf(asked.slice(0, 2), row)),
    ...rows.filter((row) => isOf(otherCodeOf(asked.slice(0, 2)), row)),
    ...rows.filter((row) => isOf('en', row)),
    ...rows.filter((row) => isOf(own, row)),
  ];
  const choose = <Field extends keyof ChosenTexts>(field: Field): Chosen<Translation[Field]> => {
    const found = inTurn.find((row) => row[field] !== null);
    return { value: found?.[field] ?? null, language: found?.language ?? null };
  };
  const title = choose('title');
  return {
    title: title.value === null ? { value: original, language: own } : title,
    overview: choose('overview'),
    tagline: choose('tagline'),
    homepage: choose('homepage'),
    runtime: choose('runtime'),
  };
}

const otherCodeOf = (code: string): string | null =>
  code in otherCodes ? otherCodes[code as keyof typeof otherCodes] : null;

const isOf = (code: string | null, { language }: Translation) =>
  code !== null && (language === code || language.startsWith(`${code}-`));

const originalIn = (language: string, title: string | null): Translation => ({
  ...{ language, title },
  ...{ overview: null, tagline: null, homepage: null, runtime: null },
});
