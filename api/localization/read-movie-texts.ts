import type { Pool } from 'pg';
import {
  type Fragment,
  type Placeholder,
  type PlaceholdersOf,
  prepared,
  sql,
  unknownList,
  unknownValue,
} from '#shared/db/sql.ts';
import { languageOf } from '#shared/languages/language.ts';
import {
  type ChosenTexts,
  type DescribedMovie,
  type Translation,
  textChooser,
} from '#shared/movies/choose-texts.ts';
import { otherCode } from '#shared/movies/other-code.ts';
import type { Locale } from '../http/input/asked-locale.ts';
import { queryStore } from '../store/query-store.ts';

interface AskedTexts {
  /** `xx` */
  code: string;
  /** The language of most of its speakers: `de-DE`. */
  own: string;
}

/** The values of both placeholders. @param language `xx-YY` */
export const askedTexts = (language: string): AskedTexts => {
  const code = language.slice(0, 2);
  return { code, own: languageOf(code) };
};

/** Placeholders, or columns of what is asked for. */
type AskedIn<Values> = { readonly [Key in keyof Values]: Placeholder<Values[Key]> | Fragment };

/**
 * The translations that the texts of `movies m` may be taken from, as one JSON column: those of the language, English
 * ones and those of the original language. Of several countries the one of most speakers comes first.
 * @param columns those of the texts
 */
export const translationsColumn = (columns: Fragment, { code, own }: AskedIn<AskedTexts>): Fragment => sql`
  array_to_json(array(select row_to_json(t) from (
    select language, ${columns} from movie_translations t
    where t.movie_id = m.id and left(t.language, 2) in (${code}::text, ${otherCode(code)}, 'en', m.original_language)
    order by t.language <> ${own}::text, t.language
  ) t))`;

/** The first poster in the language, of `movies m`. */
export const posterColumn = ({ code }: Pick<AskedIn<AskedTexts>, 'code'>): Fragment =>
  sql`(select coalesce(p.posters ->> ${code}::text, p.posters ->> ${otherCode(code)}) from movie_posters p where p.movie_id = m.id)`;

/** When `movies m` came out in a country. */
export const releaseDateColumn = (country: PlaceholdersOf<{ datesOf: string | null }>['datesOf']): Fragment =>
  sql`(select r.release_date::text from movie_releases r where r.movie_id = m.id and r.country = ${unknownValue(country, 'text')})`;

interface AskedMovies extends AskedTexts {
  tmdbIds: number[];
  datesOf: string | null;
}

export const askedMovies = (
  tmdbIds: readonly number[],
  { language, datesOf }: Pick<Locale, 'language' | 'datesOf'>,
): AskedMovies => ({
  ...askedTexts(language),
  tmdbIds: [...new Set(tmdbIds)],
  datesOf: datesOf ?? null,
});

/** A movie with what its texts may be taken from. */
export interface TextsRow
  extends Pick<DescribedMovie, 'title' | 'original_title' | 'original_language' | 'overview'> {
  translations: Pick<Translation, 'language' | 'title' | 'overview'>[];
  local_poster_path: string | null;
  local_release_date: string | null;
}

/** Those of the row that are not of a list item, over `movies m`. */
export const localColumns = ({ code, own, datesOf }: PlaceholdersOf<AskedMovies>): Fragment => sql`
  m.original_language, ${translationsColumn(sql`title, overview`, { code, own })} as translations,
  ${posterColumn({ code })} as local_poster_path, ${releaseDateColumn(datesOf)} as local_release_date`;

const textsStatement = prepared<AskedMovies, TextsRow & { tmdb_id: number }>(
  'api-movie-texts',
  (asked) => sql`
    select m.tmdb_id, coalesce(m.long_title, m.title) as title, m.original_title, m.overview, ${localColumns(asked)}
    from movies m where m.tmdb_id = any(${unknownList(asked.tmdbIds, 'int')})`,
);

/** What a list shows of a movie for a locale. */
export interface MovieTexts extends Pick<ChosenTexts, 'title' | 'overview'> {
  /** Null: the movie's own one. */
  poster_path: string | null;
  /** Null: TMDb's. */
  release_date: string | null;
}

export function textsOf(row: TextsRow, language: string): MovieTexts {
  const { title, overview, original_title, original_language } = row;
  const movie = { title, overview, original_title, original_language };
  const choose = textChooser(movie, row.translations, language);
  return {
    title: choose('title'),
    overview: choose('overview'),
    poster_path: row.local_poster_path,
    release_date: row.local_release_date,
  };
}

/** By one statement for any number of movies, by their ids at TMDb. */
export async function readMovieTexts(
  pool: Pool,
  tmdbIds: readonly number[],
  locale: Pick<Locale, 'language' | 'datesOf'>,
): Promise<Map<number, MovieTexts>> {
  if (tmdbIds.length === 0) return new Map();
  const rows = await queryStore(pool, textsStatement(askedMovies(tmdbIds, locale)));
  return new Map(rows.map((row) => [row.tmdb_id, textsOf(row, locale.language)]));
}
