import type { Pool } from 'pg';
import {
  type Fragment,
  type Placeholder,
  type PlaceholdersOf,
  prepared,
  sql,
  unknownList,
} from '#shared/db/sql.ts';
import { languageOf } from '#shared/languages/language.ts';
import {
  type ChosenTexts,
  chooseTexts,
  type DescribedMovie,
  type Translation,
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
  sql`(select r.release_date::text from movie_releases r where r.movie_id = m.id and r.country = ${country}::text)`;

interface Row extends Pick<DescribedMovie, 'title' | 'original_title' | 'original_language' | 'overview'> {
  tmdb_id: number;
  translations: Pick<Translation, 'language' | 'title' | 'overview'>[];
  poster_path: string | null;
  release_date: string | null;
}

const textsStatement = prepared<AskedTexts & { tmdbIds: number[]; datesOf: string | null }, Row>(
  'api-movie-texts',
  ({ tmdbIds, code, own, datesOf }) => sql`
    select m.tmdb_id, coalesce(m.long_title, m.title) as title, m.original_title, m.original_language, m.overview,
      ${translationsColumn(sql`title, overview`, { code, own })} as translations,
      ${posterColumn({ code })} as poster_path, ${releaseDateColumn(datesOf)} as release_date
    from movies m where m.tmdb_id = any(${unknownList(tmdbIds, 'int')})`,
);

/** What a list shows of a movie for a locale. */
export interface MovieTexts extends Pick<ChosenTexts, 'title' | 'overview'> {
  /** Null: the movie's own one. */
  poster_path: string | null;
  /** Null: TMDb's. */
  release_date: string | null;
}

const noTexts = { tagline: null, homepage: null, runtime: null };

/** By one statement for any number of movies, by their ids at TMDb. */
export async function readMovieTexts(
  pool: Pool,
  tmdbIds: readonly number[],
  { language, datesOf }: Pick<Locale, 'language' | 'datesOf'>,
): Promise<Map<number, MovieTexts>> {
  if (tmdbIds.length === 0) return new Map();
  const asked = { ...askedTexts(language), tmdbIds: [...new Set(tmdbIds)], datesOf: datesOf ?? null };
  const rows = await queryStore(pool, textsStatement(asked));
  return new Map(
    rows.map(({ tmdb_id, translations, poster_path, release_date, ...movie }) => {
      const full = translations.map((row) => ({ ...noTexts, ...row }));
      const { title, overview } = chooseTexts({ ...noTexts, ...movie }, full, language);
      return [tmdb_id, { title, overview, poster_path, release_date }];
    }),
  );
}
