import { z } from 'zod';
import { isJsonObject } from '#shared/is-json-object.ts';
import type { Translation } from '#shared/movies/choose-texts.ts';
import { upstreamError } from '../upstream/upstream-error.ts';
import type { Losses } from './losses.ts';
import { mapExportedId, mapMovie } from './map.ts';
import { mapCredits, mapPerson } from './map-credits.ts';
import { firstById, mapListedMovies } from './map-listed-movie.ts';
import { mapReleases } from './map-releases.ts';
import { mapTitles, mapTranslations } from './map-translations.ts';
import type {
  AnsweredMovie,
  ChangePage,
  ExportedId,
  FoundByImdbId,
  ListedMovie,
  ListPage,
  MirroredMovie,
  MirroredPerson,
  MirroredRelease,
  MirroredTitle,
  NamedId,
  NamedPage,
  PeoplePage,
  RegionalPage,
} from './mirrored-movie.ts';
import { countLosses, readerOf, refused } from './plain-reader.ts';
import { readParts } from './read-parts.ts';
import { type Report, reportLosses } from './report-losses.ts';
import {
  WireChangePage,
  WireCredits,
  WireExportedId,
  WireFound,
  WireGenres,
  WireMovie,
  WireMoviePage,
  WireNamedPage,
  WirePeoplePage,
  WireRegionalPage,
  WireReleaseDates,
  WireTitles,
  WireTranslations,
} from './schemas.ts';

/**
 * The movie that was asked for, and the parts of the answer. An appended part that cannot be read is left out, as if
 * TMDb had not sent it, and named in `parts.lost`. @throws {NexusError} `upstream_malformed`
 */
export function parseDetails(json: unknown, askedId: number, losses?: Losses): AnsweredMovie {
  // The schema says what is wrong with all else. What it takes it would copy.
  const answer = isJsonObject(json) ? json : parse(WireAnswer, json, untold);
  const parts = readParts(answer);
  for (const part of parts.lost) losses?.value(part, askedId);
  const lost: readonly string[] = parts.lost;
  const readable =
    lost.length === 0
      ? answer
      : Object.fromEntries(Object.entries(answer).filter(([key]) => !lost.includes(key)));
  return { ...parseMovie(readable, askedId, losses), parts };
}

const WireAnswer = z.record(z.string(), z.unknown());
/** For what is told already, or was when it was stored. */
const untold: Report = () => {};

/** The details of the movie that was asked for. @throws {NexusError} `upstream_malformed` */
export function parseMovie(json: unknown, askedId: number, losses?: Losses): MirroredMovie {
  const wire = parse(WireMovie, json, (field, _id, times) => losses?.value(field, askedId, times));
  if (wire.id !== askedId)
    throw upstreamError('upstream_malformed', { what: `asked for movie ${askedId}, got ${wire.id}` });
  return mapMovie(wire, json as Record<string, unknown>);
}

/** What is taken of the part `translations`. @throws {NexusError} `upstream_malformed` */
export function parseTranslations(json: unknown): Translation[] {
  return mapTranslations(parse(WireTranslations, json, untold).translations);
}

/** What is taken of the part `alternative_titles`. @throws {NexusError} `upstream_malformed` */
export function parseTitles(json: unknown): MirroredTitle[] {
  return mapTitles(parse(WireTitles, json, untold).titles);
}

/** What is taken of the part `release_dates`. @throws {NexusError} `upstream_malformed` */
export function parseReleases(json: unknown): MirroredRelease[] {
  return mapReleases(parse(WireReleaseDates, json, untold).results);
}

/** What the part `credits` says of people. @throws {NexusError} `upstream_malformed` */
export function parsePeople(json: unknown): MirroredPerson[] {
  return mapCredits(parse(WireCredits, json, untold)).people;
}

/** One page of movies. @throws {NexusError} `upstream_malformed` */
export function parseMoviePage(json: unknown, askedPage: number, losses?: Losses): ListPage {
  const wire = parse(WireMoviePage, json, ofRows('results', losses));
  const results: ListedMovie[] = mapListedMovies(wire.results);
  return { page: wire.page ?? askedPage, results, totalPages: wire.total_pages ?? askedPage };
}

/** One page of the feed of changes. @throws {NexusError} `upstream_malformed` */
export function parseChangePage(json: unknown, askedPage: number, losses?: Losses): ChangePage {
  const wire = parse(WireChangePage, json, ofRows('results', losses));
  const ids = firstById(wire.results).map(({ id }) => id);
  return { ids, totalPages: wire.total_pages ?? askedPage };
}

/** One page of a list of a country. @throws {NexusError} `upstream_malformed` */
export function parseRegionalPage(json: unknown, askedPage: number, losses?: Losses): RegionalPage {
  const { maximum, minimum } = parse(WireRegionalPage, json, (field, _id, times) => {
    if (field.startsWith('dates')) losses?.value(field, null, times);
  }).dates;
  const dates = maximum === null || minimum === null ? undefined : { maximum, minimum };
  return { ...parseMoviePage(json, askedPage, losses), dates };
}

/** One page of people, without those who are rated adult. @throws {NexusError} `upstream_malformed` */
export function parsePeoplePage(json: unknown, askedPage: number, losses?: Losses): PeoplePage {
  const wire = parse(WirePeoplePage, json, ofRows('results', losses));
  const people = firstById(wire.results).filter(({ adult }) => adult !== true);
  const kept = new Set(people.map(({ id }) => id));
  const sent = (json as { results: unknown[] }).results;
  const rows = sent.filter(
    (row): row is Record<string, unknown> => isJsonObject(row) && kept.has(row.id as number),
  );
  return {
    page: wire.page ?? askedPage,
    people: people.map(mapPerson),
    rows,
    totalPages: wire.total_pages ?? askedPage,
  };
}

/** A document that is kept as TMDb sent it. @throws {NexusError} `upstream_malformed` for what `schema` refuses */
export function parseDocument<T extends z.ZodType>(schema: T, json: unknown): void {
  parse(schema, json, untold);
}

/** What an external id leads to. @throws {NexusError} `upstream_malformed` */
export function parseFound(json: unknown, losses?: Losses): FoundByImdbId {
  const wire = parse(WireFound, json, ofRows('movie_results', losses));
  const television = [wire.tv_results, wire.tv_episode_results, wire.tv_season_results];
  return {
    movies: mapListedMovies(wire.movie_results),
    people: firstById(wire.person_results).map(mapPerson),
    television: television.some((list) => list.length > 0),
  };
}

/** A page of a search by name; `rows` are as TMDb sent them. @throws {NexusError} `upstream_malformed` */
export function parseNamedPage(json: unknown, losses?: Losses): NamedPage {
  const named = firstById(parse(WireNamedPage, json, ofRows('results', losses)).results);
  return { named, rows: (json as { results: unknown[] }).results };
}

/** The genre list. @throws {NexusError} `upstream_malformed` */
export function parseGenres(json: unknown, losses?: Losses): NamedId[] {
  return firstById(parse(WireGenres, json, ofRows('genres', losses)).genres);
}

/** One line of the export; nothing if it has no usable id. */
export function parseExportedId(json: object, losses?: Losses): ExportedId | undefined {
  const { success, data } = WireExportedId.safeParse(json);
  if (!success) return losses?.row('id', null);
  reportLosses(json, data, (field, _id, times) => losses?.value(field, data.id, times));
  return mapExportedId(data);
}

/** Whole rows of this list are lost rows of the answer, and everything else is a value. */
const ofRows =
  (list: string, losses: Losses | undefined): Report =>
  (field, id, times) =>
    field === list || field === `${list}.id`
      ? losses?.row(field, id, times)
      : losses?.value(field, id, times);

/** Data by its schema, and what of it was lost. @throws {NexusError} `upstream_malformed` */
export function parse<T extends z.ZodType>(schema: T, json: unknown, report: Report): z.output<T> {
  const lossesBefore = countLosses();
  const read = readerOf(schema)(json) as z.output<T> | typeof refused;
  // What is whole says so at once. Of all else the schema says what is wrong, for three times the time.
  if (read !== refused && countLosses() === lossesBefore) return read;
  const parsed = schema.safeParse(json);
  if (!parsed.success) throw upstreamError('upstream_malformed', { what: z.prettifyError(parsed.error) });
  reportLosses(json, parsed.data, report);
  return parsed.data;
}
