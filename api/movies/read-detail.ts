import type { Pool } from 'pg';
import type { InLanguages } from '../http/answers/model.ts';
import type { Locale } from '../http/input/asked-locale.ts';
import type { ReadGenreNames } from '../localization/genre-names.ts';
import { askedTexts } from '../localization/read-movie-texts.ts';
import { byKey, gatherReads } from '../store/gather-reads.ts';
import { type AskedAnswer, selectAnswer, selectAnswers, selectLocalAnswers } from './answer-statement.ts';
import { type AskedDocument, selectDocumentRows } from './detail-statement.ts';
import type { Movie } from './model.ts';
import type { MovieRow } from './movie-row.ts';
import { isStoredFor, presentAnswer, presentDocument, presentLocalAnswer } from './select-movie.ts';

export interface AskedDetail {
  tmdbId: number;
  locale: Locale;
}

type ReadDetail = (asked: AskedDetail) => Promise<MovieRow<Movie, InLanguages['language']>>;

/**
 * How details are read, for each pool by itself. The stored answer is what nearly all get, as it is or with what their
 * language and region changes; a movie that has none, from its document.
 */
export function createReadDetail(genreNames: ReadGenreNames): (pool: Pool) => ReadDetail {
  const byPool = new WeakMap<Pool, ReadDetail>();
  return (pool) => {
    const known = byPool.get(pool);
    if (known !== undefined) return known;
    const made = openReadDetail(pool, genreNames);
    byPool.set(pool, made);
    return made;
  };
}

function openReadDetail(pool: Pool, genreNames: ReadGenreNames): ReadDetail {
  const answer = gatherReads({
    ...byKey,
    readAll: (asked: readonly number[]) => selectAnswers(pool, asked),
    readOne: (asked) => selectAnswer(pool, asked),
  });
  const localAnswer = gatherReads({
    ...byKey,
    readAll: (asked: readonly AskedAnswer[]) => selectLocalAnswers(pool, asked),
  });
  const document = gatherReads({
    readAll: (asked: readonly AskedDocument[]) => selectDocumentRows(pool, asked),
  });
  const fromDocument: ReadDetail = async ({ tmdbId, locale }) => {
    const [row, genres] = await Promise.all([
      document(askedDocument(tmdbId, locale)),
      genreNames(locale.language),
    ]);
    return presentDocument(row, { locale, genres });
  };
  const inAnyLocale: ReadDetail = async (asked) => {
    const { tmdbId, locale } = asked;
    const { language } = locale;
    const [row, genres] = await Promise.all([
      localAnswer({ ...askedDocument(tmdbId, locale), language }),
      genreNames(language),
    ]);
    return row.answer === null && row.state === 'detailed'
      ? fromDocument(asked)
      : presentLocalAnswer(row, { locale, genres });
  };
  return (asked) => {
    const { tmdbId, locale } = asked;
    if (!isStoredFor(locale)) return inAnyLocale(asked);
    return answer(tmdbId).then((row) =>
      row.answer === null && row.state === 'detailed' ? fromDocument(asked) : presentAnswer(row, locale),
    );
  };
}

/** What the statements of documents are asked. */
export const askedDocument = (tmdbId: number, { language, region }: Locale): AskedDocument => ({
  tmdbId,
  region,
  ...askedTexts(language),
});
