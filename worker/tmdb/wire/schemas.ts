import { z } from 'zod';
import { TmdbId } from '#shared/jobs/catalog.ts';
import { webAddress } from '#shared/web-address.ts';
import { calendarDate, imagePath, imdbId } from './map-values.ts';
import {
  flag,
  name,
  namedId,
  number,
  orNull,
  type Placed,
  part,
  rows,
  string,
  text,
  title,
} from './wire-fields.ts';

/** What a list row and the details have in common. Only fields we store are named: others are not even looked at. */
export const listedFields = {
  id: TmdbId,
  title,
  original_title: text('title'),
  original_language: text('language'),
  overview: text('overview'),
  release_date: text('date', calendarDate),
  poster_path: text('imagePath', imagePath),
  backdrop_path: text('imagePath', imagePath),
  popularity: number('popularity'),
  vote_average: number('vote_average'),
  vote_count: number('vote_count'),
  adult: flag,
};

export const hasTitle = (movie: { title: string; original_title: string | null }) =>
  movie.title !== '' || movie.original_title !== null;
export const noTitle = { path: ['title'], error: 'there is no title' };

const WireListedMovie = z
  .object({ ...listedFields, genre_ids: part(rows('genres', TmdbId), []) })
  .refine(hasTitle, noTitle);
export type WireListedMovie = z.output<typeof WireListedMovie>;

/** Lists of several media say which each row is. Series and people have a `name`, and no `title`. */
function isOtherMedium(row: unknown): boolean {
  if (typeof row !== 'object' || row === null) return false;
  const { media_type: type, name, title } = row as Record<string, unknown>;
  const isNamed = typeof name === 'string' && title === undefined;
  return isNamed || (typeof type === 'string' && type !== '' && type !== 'movie');
}

const movieRows = rows('results', WireListedMovie, isOtherMedium);

/** What every answer says of a person whom it names. */
export const personFields = {
  id: TmdbId,
  name: name('personName'),
  original_name: text('personName'),
  profile_path: text('imagePath', imagePath),
  known_for_department: text('job'),
  popularity: number('popularity'),
  gender: number('gender'),
  adult: flag,
};
const creditFields = { ...personFields, credit_id: text('creditId') };
const WireCast = z.object({ ...creditFields, character: text('character'), order: number('order') });
const WireCrew = z.object({ ...creditFields, department: text('job'), job: text('job') });

const noCredits: { cast: Placed<z.output<typeof WireCast>>[]; crew: Placed<z.output<typeof WireCrew>>[] } = {
  cast: [],
  crew: [],
};
export const WireCredits = z.object({
  cast: part(rows('cast', WireCast), []),
  crew: part(rows('crew', WireCrew), []),
});
export type WireCredits = z.output<typeof WireCredits>;

const WireRelease = z.object({
  certification: text('certification'),
  // A moment, always at midnight.
  release_date: text('moment', (moment) => calendarDate(moment.slice(0, 10))),
  type: number('releaseType'),
});
const WireCountry = z.object({
  iso_3166_1: string,
  release_dates: part(rows('releases', WireRelease), []),
});
export type WireCountry = z.output<typeof WireCountry>;
/** For the part as it is stored. */
export const WireReleaseDates = z.object({ results: part(rows('countries', WireCountry), []) });

const WireVideo = z.object({
  site: string,
  key: string,
  name: text('videoName'),
  type: string,
  official: flag,
});
export type WireVideo = z.output<typeof WireVideo>;

const WireTranslation = z.object({
  iso_639_1: string,
  iso_3166_1: string,
  data: z.object({
    title: text('title'),
    overview: text('overview'),
    tagline: text('tagline'),
    homepage: text('address', webAddress),
    runtime: number('runtime'),
  }),
});
export type WireTranslation = z.output<typeof WireTranslation>;

const WireTitle = z.object({ iso_3166_1: text('language'), title: name('title'), type: text('titleType') });
export type WireTitle = z.output<typeof WireTitle>;

const noTranslations: { translations: Placed<WireTranslation>[] } = { translations: [] };
export const WireTranslations = part(
  z.object({ translations: part(rows('translations', WireTranslation), []) }),
  noTranslations,
);
const noTitles: { titles: Placed<WireTitle>[] } = { titles: [] };
export const WireTitles = part(z.object({ titles: part(rows('titles', WireTitle), []) }), noTitles);

/** Parts asked for with `append_to_response`; a stand-in may leave them out. */
const listOf = <Row>(list: z.ZodType<Placed<Row>[]>) => {
  const results: Placed<Row>[] = [];
  return part(z.object({ results: part(list, results) }), { results });
};

export const WireMovie = z
  .object({
    ...listedFields,
    tagline: text('tagline'),
    runtime: number('runtime'),
    status: text('status'),
    imdb_id: text('imdbId', imdbId),
    homepage: text('address', webAddress),
    budget: number('dollars'),
    revenue: number('dollars'),
    belongs_to_collection: orNull(namedId('collectionName')),
    genres: part(rows('genres', namedId('genreName')), []),
    credits: part(WireCredits, noCredits),
    keywords: part(z.object({ keywords: part(rows('keywords', namedId('keywordName')), []) }), {
      keywords: [],
    }),
    recommendations: listOf(movieRows),
    similar: listOf(movieRows),
    release_dates: listOf(rows('countries', WireCountry)),
    videos: listOf(rows('videos', WireVideo)),
    external_ids: part(z.object({ imdb_id: text('imdbId', imdbId) }), { imdb_id: null }),
    translations: WireTranslations,
    alternative_titles: WireTitles,
  })
  .refine(hasTitle, noTitle);
export type WireMovie = z.output<typeof WireMovie>;

export const WireMoviePage = z.object({
  page: number('page'),
  results: movieRows,
  total_pages: number('page'),
});
export type WireMoviePage = z.output<typeof WireMoviePage>;

export const WireChangePage = z.object({
  results: rows('changes', z.object({ id: TmdbId })),
  total_pages: number('page'),
});

const calendarDay = text('date', calendarDate);

const noDates = { maximum: null, minimum: null };

/** A page of a list that each country has its own of. The list stands without the days that it is of. */
export const WireRegionalPage = z.object({
  ...WireMoviePage.shape,
  dates: part(z.object({ maximum: calendarDay, minimum: calendarDay }), noDates).catch(noDates),
});

/** Somebody in a list of people. */
const WireListedPerson = z.object(personFields);
export type WireListedPerson = z.output<typeof WireListedPerson>;

export const WirePeoplePage = z.object({
  page: number('page'),
  results: rows('people', WireListedPerson),
  total_pages: number('page'),
});

const entries = part(z.array(z.unknown()), []);

export const WireFound = z.object({
  movie_results: movieRows,
  person_results: part(rows('people', WireListedPerson), []),
  tv_results: entries,
  tv_episode_results: entries,
  tv_season_results: entries,
});

/** A page of a search for what is found by its name alone. */
export const WireNamedPage = z.object({ results: rows('results', namedId('personName')) });

export const WireGenres = z.object({ genres: rows('genres', namedId('genreName')) });

export const WireExportedId = z.object({
  id: TmdbId,
  original_title: text('title'),
  popularity: number('popularity'),
  adult: flag,
});
export type WireExportedId = z.output<typeof WireExportedId>;
