import type { Pool } from 'pg';
import { prepared, sql, unknownList } from '#shared/db/sql.ts';
import { listItemRowColumns } from '#shared/movies/document-columns.ts';
import type { Locale } from '../http/input/asked-locale.ts';
import { queryStore } from '../store/query-store.ts';
import type { ReadEnglishGenreNames } from './genre-names.ts';
import { askedMovies, localColumns, type MovieTexts, type TextsRow, textsOf } from './read-movie-texts.ts';

/** A list item as the database gives it, in TMDb's own words. */
export interface StoredItem {
  tmdb_id: number;
  title: string | null;
  overview: string | null;
  release_date: string | null;
  poster_path: string | null;
  backdrop_path: string | null;
  genres: { id: number; name: string }[];
}

interface ListItems {
  items: Map<number, StoredItem>;
  texts: Map<number, MovieTexts>;
}

type ItemRow = Omit<StoredItem, 'genres'> & TextsRow & { genres: number[] };

const itemsStatement = prepared<ReturnType<typeof askedMovies>, ItemRow>(
  'api-list-items',
  (asked) => sql`
    select ${listItemRowColumns}, ${localColumns(asked)}
    from movies m where m.tmdb_id = any(${unknownList(asked.tmdbIds, 'int')})`,
);

/** What lists show of movies, by their ids at TMDb: one statement reads each movie once, with its texts. */
export async function readListItems(
  { pool, englishNames }: { pool: Pool; englishNames: ReadEnglishGenreNames },
  tmdbIds: readonly number[],
  locale: Pick<Locale, 'language' | 'datesOf'>,
): Promise<ListItems> {
  const found: ListItems = { items: new Map(), texts: new Map() };
  if (tmdbIds.length === 0) return found;
  const rows = await queryStore(pool, itemsStatement(askedMovies(tmdbIds, locale)));
  const genreIds = new Set<number>();
  for (const { genres } of rows) for (const id of genres) genreIds.add(id);
  const names = await englishNames(genreIds);
  for (const row of rows) {
    found.texts.set(row.tmdb_id, textsOf(row, locale.language));
    const { original_language, translations, local_poster_path, local_release_date, ...item } = row;
    const genres = item.genres.map((id) => ({ id, name: names.get(id) ?? '' }));
    // In its place among the fields, and without one more copy of each movie.
    found.items.set(item.tmdb_id, Object.assign(item, { genres }));
  }
  return found;
}
