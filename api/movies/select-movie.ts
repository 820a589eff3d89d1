import type { Pool } from 'pg';
import type { Statement } from '#shared/db/sql.ts';
import { chooseTexts } from '#shared/movies/choose-texts.ts';
import { unpackPart } from '#shared/movies/stored-parts.ts';
import type { InLanguages } from '../http/answers/model.ts';
import { jsonText } from '../http/contract/answer.ts';
import type { Locale } from '../http/input/asked-locale.ts';
import type { GenreNames } from '../localization/genre-names.ts';
import { createImageUrl, type ImageUrl } from '../localization/image-urls.ts';
import { selectOne } from '../store/select-one.ts';
import { detailsFromParts } from './detail-parts.ts';
import type { DocumentRow } from './detail-statement.ts';
import { Movie } from './model.ts';
import { movieImages } from './movie-images.ts';
import type { MovieRow } from './movie-row.ts';

/** How one route's readings come from the database. */
export type SelectMovie<Asked, Data, Language> = (asked: Asked) => Promise<MovieRow<Data, Language>>;

interface DocumentDeps {
  pool: Pool;
  genreNames: (language: string) => Promise<GenreNames>;
}

/** A movie as one of the statements of `detail-statement.ts` finds it, in the words of the locale. */
export async function selectDocument(
  { pool, genreNames }: DocumentDeps,
  statement: Statement<DocumentRow>,
  locale: Locale,
): Promise<MovieRow<Movie, InLanguages['language']>> {
  const [row, genres] = await Promise.all([selectOne(pool, statement), genreNames(locale.language)]);
  return presentDocument(row, { locale, genres });
}

/** What a statement of `detail-statement.ts` found, as it is shown. */
export function presentDocument(
  row: DocumentRow,
  { locale, genres }: Local,
): MovieRow<Movie, InLanguages['language']> {
  const { state, fetched_at_ms, stale_at_ms, moved_to, absent_at_ms, document } = row;
  const reading = { state, fetched_at_ms, stale_at_ms, moved_to, absent_at_ms };
  if (document === null) {
    const language = { asked: locale.language, title: null, overview: null };
    return { ...reading, data: null, language, odd: false };
  }
  const { movie, language } = localize(JSON.parse(document) as StoredMovie, row, { locale, genres });
  const shown = present(movie, row, locale);
  const isExact = language.title === locale.language || language.overview === locale.language;
  const isLocal = locale.datesOf === undefined || row.local_date !== null || shown.providers !== null;
  return {
    ...reading,
    data: jsonText<Movie>(JSON.stringify(shown)),
    language,
    odd: !isExact || !isLocal || locale.pictures.isOdd,
  };
}

type Person = Omit<Movie['cast'][number], 'profile_url'>;

/** The document, as the worker writes it. */
interface StoredMovie
  extends Omit<
    Movie,
    | (
        | 'poster_url'
        | 'backdrop_url'
        | 'images'
        | 'cast'
        | 'crew'
        | 'translations'
        | 'alternative_titles'
        | 'viewer'
      )
    | keyof ReturnType<typeof detailsFromParts>
  > {
  cast: Person[];
  crew: Omit<Movie['crew'][number], 'profile_url'>[];
}

interface Local {
  locale: Locale;
  genres: GenreNames;
}

function localize(stored: StoredMovie, row: DocumentRow, { locale, genres }: Local) {
  const texts = chooseTexts(stored, row.texts, locale.language);
  const movie: StoredMovie = {
    ...stored,
    title: texts.title.value ?? stored.title,
    overview: texts.overview.value,
    tagline: texts.tagline.value,
    homepage: texts.homepage.value,
    runtime: texts.runtime.value ?? stored.runtime,
    poster_path: row.poster_path ?? stored.poster_path,
    release_date: (locale.datesOf === undefined ? null : row.local_date) ?? stored.release_date,
    certification: locale.region === 'US' ? stored.certification : row.local_certification,
    genres: stored.genres.map(({ id, name }) => ({ id, name: genres.get(id) ?? name })),
  };
  const { title, overview } = texts;
  return { movie, language: { asked: locale.language, title: title.language, overview: overview.language } };
}

function present(stored: StoredMovie, row: DocumentRow, { region, pictures }: Locale): Movie {
  const imageUrl = createImageUrl(pictures);
  const { cast, crew, ...movie } = stored;
  const parts = {
    details: parsedPart(row.details),
    release_dates: parsedPart(row.release_dates),
    videos: parsedPart(row.videos),
    providers: parsedPart(row.providers),
  };
  const shown = detailsFromParts(parts, region);
  for (const { logo_path } of [...shown.companies, ...providersOf(shown.providers)])
    if (logo_path !== null) pictures.note?.(logo_path);
  return inOrder({
    ...movie,
    poster_url: imageUrl('poster', movie.poster_path),
    backdrop_url: imageUrl('backdrop', movie.backdrop_path),
    cast: cast.map((person) => withPortrait(person, imageUrl)),
    crew: crew.map((person) => withPortrait(person, imageUrl)),
    images: movieImages(pictures.url, movie),
    ...shown,
    translations: row.languages,
    alternative_titles: row.alternative_titles,
  });
}

const providersOf = (providers: Movie['providers']) =>
  providers === null
    ? []
    : [providers.flatrate, providers.free, providers.ads, providers.rent, providers.buy].flat();

const keys = Object.keys(Movie.omit({ viewer: true }).shape) as (keyof Movie)[];

/** As the contract has them. */
const inOrder = (movie: Movie): Movie => Object.fromEntries(keys.map((key) => [key, movie[key]])) as Movie;

const withPortrait = <P extends { profile_path: string | null }>(person: P, imageUrl: ImageUrl) => ({
  ...person,
  profile_url: imageUrl('profile', person.profile_path),
});

function parsedPart(body: Uint8Array | null): Record<string, unknown> {
  return body === null ? {} : (JSON.parse(unpackPart(body)) as Record<string, unknown>);
}
