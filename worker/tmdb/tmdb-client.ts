import type { MovieList } from '#shared/lists/list-entry.ts';
import type { RecordKind } from '#shared/records/record.ts';
import type { PeopleList, ReferenceName } from '#shared/reference/reference-document.ts';
import type { TimeWindow } from '#shared/trending/trending-entry.ts';
import type { AnsweredRecord } from './wire/answered-record.ts';
import type { Losses } from './wire/losses.ts';
import type {
  AnsweredMovie,
  ChangePage,
  ExportedId,
  FoundByImdbId,
  ListPage,
  NamedId,
  NamedPage,
  PeoplePage,
  RegionalPage,
} from './wire/mirrored-movie.ts';

export interface MovieSearch {
  query: string;
  /** Of the first release. */
  year?: number;
}

/** What movies must have; without anything, all of them. */
export interface Discovery {
  genre?: number;
  actor?: number;
  /** TMDb's own parameters, in place of the best voted first. */
  filters?: Readonly<Record<string, string>>;
}

export interface CallOptions {
  signal: AbortSignal;
  /** Somebody waits for it: goes before everything else, within half of the budget. */
  onDemand?: boolean;
  /** Is told what of the answer could not be used. */
  losses?: Losses | undefined;
}

export type NamedKind = 'collection' | 'company' | 'keyword';

/**
 * What the jobs may ask TMDb. Every call waits its turn with the limiter and fails with a `NexusError`:
 * `upstream_unavailable` (with `retryAfterMs`), `upstream_rate_limited`, `upstream_malformed`, `upstream_not_found`,
 * `upstream_key_rejected`, `upstream_refused_request`, `shutting_down` (the signal fired).
 */
export interface TmdbClient extends AsyncDisposable {
  genres(options: CallOptions): Promise<NamedId[]>;
  trending(window: TimeWindow, page: number, options: CallOptions): Promise<ListPage>;
  popular(page: number, options: CallOptions): Promise<ListPage>;
  /** Ids of movies that changed on these days (`YYYY-MM-DD`, UTC), 100 a page. Deleted ones may be among them. */
  changes(days: { from: string; to: string }, page: number, options: CallOptions): Promise<ChangePage>;
  changedPeople(days: { from: string; to: string }, page: number, options: CallOptions): Promise<ChangePage>;
  /** A list of one country. @param region ISO 3166-1 */
  movieList(list: MovieList, region: string, page: number, options: CallOptions): Promise<RegionalPage>;
  people(list: PeopleList, page: number, options: CallOptions): Promise<PeoplePage>;
  /** What is kept as it was sent: JSON of whatever shape. */
  document(name: ReferenceName | 'movie/latest', options: CallOptions): Promise<unknown>;
  /** The names in a language: `xx` or `xx-YY`. Those without one are left out. */
  genresIn(language: string, options: CallOptions): Promise<NamedId[]>;
  /** A person, a collection or a company with all parts that are kept. */
  record<Kind extends RecordKind>(
    kind: Kind,
    id: number,
    options: CallOptions,
  ): Promise<AnsweredRecord<Kind>>;
  movie(tmdbId: number, options: CallOptions): Promise<AnsweredMovie>;
  findByImdbId(imdbId: string, options: CallOptions): Promise<FoundByImdbId>;
  searchMovies(search: MovieSearch, page: number, options: CallOptions): Promise<ListPage>;
  searchPeople(query: string, page: number, options: CallOptions): Promise<PeoplePage>;
  /** The first page of what is found by its name alone. */
  searchNamed(kind: NamedKind, query: string, options: CallOptions): Promise<NamedPage>;
  /** Movies for everybody, those with the most votes first. @param page 1…500 */
  discover(discovery: Discovery, page: number, options: CallOptions): Promise<ListPage>;
  /** The daily id export as a stream of lines, whole or an error at its end. @param date `YYYY-MM-DD` */
  exportedIds(date: string, options: CallOptions): AsyncIterable<ExportedId>;
  /** How many calls may be under way now. Whoever asks as fast as it may asks a few more at a time. */
  callsAtOnce(): number;
}
