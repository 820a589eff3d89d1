import type { Pool } from 'pg';
import { createImageUrl, type ImageUrl } from '#shared/movies/image-urls.ts';
import type { ListReading } from '../http/answers/list-reads.ts';
import { jsonText } from '../http/contract/answer.ts';
import type { Locale } from '../http/input/asked-locale.ts';
import type { NoticeHub } from '../store/notice-hub.ts';
import { createReadEnglishGenreNames, createReadGenreNames, type GenreNames } from './genre-names.ts';
import { readListItems, type StoredItem } from './read-list-items.ts';
import { type MovieTexts, readMovieTexts } from './read-movie-texts.ts';

interface ImageUrls {
  poster_url: string | null;
  backdrop_url: string | null;
}

/** An item as it stands before: without the URLs of its pictures. */
export type Unlocalized<Item> = Omit<Item, keyof ImageUrls>;

/** What is shown of movies in a locale. */
export interface LocalNames {
  /** By TMDb's id of the movie. */
  texts: ReadonlyMap<number, MovieTexts>;
  genres: GenreNames;
  imageUrl: ImageUrl;
}

export interface ListItems<Item> {
  /** By TMDb's id of the movie. */
  items: ReadonlyMap<number, Unlocalized<Item>>;
  names: LocalNames;
}

export interface Localization {
  /** By one statement for all movies, and seldom one for genres. @param others movies that are only named */
  names(locale: Locale, tmdbIds: readonly number[], others?: readonly number[]): Promise<LocalNames>;
  /**
   * Items of lists by their ids at TMDb, and their names: one statement for all, and seldom one for genres. A movie that
   * is not there is left out. @param others movies that are only named
   */
  listItems<Item extends ImageUrls>(
    locale: Locale,
    tmdbIds: readonly number[],
    others?: readonly number[],
  ): Promise<ListItems<Item>>;
  genreNames(language: string): Promise<GenreNames>;
  /** An item in these words, and with the URLs of its pictures. */
  item<Item extends StoredItem>(item: Item, names: LocalNames): Item & ImageUrls;
  items<Item extends StoredItem>(items: readonly Item[], locale: Locale): Promise<(Item & ImageUrls)[]>;
  /** The same for what a list's statement read. See `isOdd`. */
  reading<Item extends ImageUrls>(
    reading: ListReading<Unlocalized<Item>>,
    locale: Locale,
  ): Promise<ListReading<Item>>;
}

export function createLocalization(deps: { pool: Pool; hub: NoticeHub }): Localization {
  const { pool } = deps;
  const genreNames = createReadGenreNames(deps);
  const englishNames = createReadEnglishGenreNames(deps);

  const names: Localization['names'] = async (locale, tmdbIds, others = []) => {
    const [texts, genres] = await Promise.all([
      readMovieTexts(pool, [...tmdbIds, ...others], locale),
      genreNames(locale.language),
    ]);
    return { texts, genres, imageUrl: createImageUrl(locale.pictures) };
  };

  const item: Localization['item'] = (stored, { texts, genres, imageUrl }) => {
    const found = texts.get(stored.tmdb_id);
    const poster_path = found?.poster_path ?? stored.poster_path;
    return {
      ...stored,
      title: found?.title.value ?? stored.title,
      overview: found?.overview.value ?? stored.overview,
      release_date: found?.release_date ?? stored.release_date,
      poster_path,
      genres: stored.genres.map(({ id, name }) => ({ id, name: genres.get(id) ?? name })),
      poster_url: imageUrl('poster', poster_path),
      backdrop_url: imageUrl('backdrop', stored.backdrop_path),
    };
  };

  return {
    names,
    async listItems<Item extends ImageUrls>(
      locale: Locale,
      tmdbIds: readonly number[],
      others: readonly number[] = [],
    ) {
      const shown = new Set(tmdbIds);
      const onlyNamed = others.filter((id) => !shown.has(id));
      const [read, { texts, ...known }] = await Promise.all([
        readListItems({ pool, englishNames }, tmdbIds, locale),
        names(locale, onlyNamed),
      ]);
      for (const [id, own] of texts) read.texts.set(id, own);
      // The columns are those of an item.
      const items = read.items as ReadonlyMap<number, unknown> as ReadonlyMap<number, Unlocalized<Item>>;
      return { items, names: { ...known, texts: read.texts } };
    },
    genreNames,
    item,
    async items(items, locale) {
      const known = await names(locale, idsOf(items));
      return items.map((each) => item(each, known));
    },
    async reading<Item extends ImageUrls>(
      { data, ...reading }: ListReading<Unlocalized<Item>>,
      locale: Locale,
    ) {
      const items = JSON.parse(data) as StoredItem[];
      const known = await names(locale, idsOf(items));
      const text = JSON.stringify(items.map((each) => item(each, known)));
      return { ...reading, data: jsonText<Item[]>(text), odd: isOdd(known, locale) };
    },
  };
}

const idsOf = (items: readonly StoredItem[]) => items.map((each) => each.tmdb_id);

/** Nothing of it is in the language, or of the country, that was asked for; or few ask at this address. */
export function isOdd({ texts }: LocalNames, { language, datesOf, pictures }: Locale): boolean {
  if (pictures.isOdd) return true;
  const all = [...texts.values()];
  const isIn = ({ title, overview }: MovieTexts) =>
    title.language === language || overview.language === language;
  return !all.some(isIn) || (datesOf !== undefined && !all.some((found) => found.release_date !== null));
}
