import { z } from 'zod';
import { upstreamError } from '../upstream/upstream-error.ts';
import { mapMovie } from './map.ts';
import { firstById, mapListedMovies } from './map-listed-movie.ts';
import { mapTitles, mapTranslations } from './map-translations.ts';
import type {
  AnsweredMovie,
  FoundByImdbId,
  ListedMovie,
  ListPage,
  MirroredMovie,
  MirroredTitle,
  MirroredTranslation,
  NamedId,
} from './mirrored-movie.ts';
import { readParts } from './read-parts.ts';
import { WireFound, WireGenres, WireMovie, WireMoviePage, WireTitles, WireTranslations } from './schemas.ts';

/**
 * The movie that was asked for, and the parts of the answer. An appended part that cannot be read is left out, as if
 * TMDb had not sent it, and named in `parts.lost`. @throws {NexusError} `upstream_malformed`
 */
export function parseDetails(json: unknown, askedId: number): AnsweredMovie {
  const answer = parse(WireAnswer, json);
  const parts = readParts(answer);
  const lost: readonly string[] = parts.lost;
  const readable =
    lost.length === 0
      ? answer
      : Object.fromEntries(Object.entries(answer).filter(([key]) => !lost.includes(key)));
  return { ...parseMovie(readable, askedId), parts };
}

const WireAnswer = z.record(z.string(), z.unknown());

/** The details of the movie that was asked for. @throws {NexusError} `upstream_malformed` */
export function parseMovie(json: unknown, askedId: number): MirroredMovie {
  const wire = parse(WireMovie, json);
  if (wire.id !== askedId)
    throw upstreamError('upstream_malformed', { what: `asked for movie ${askedId}, got ${wire.id}` });
  return mapMovie(wire);
}

/** What is taken of the part `translations`. @throws {NexusError} `upstream_malformed` */
export function parseTranslations(json: unknown): MirroredTranslation[] {
  return mapTranslations(parse(WireTranslations, json).translations);
}

/** What is taken of the part `alternative_titles`. @throws {NexusError} `upstream_malformed` */
export function parseTitles(json: unknown): MirroredTitle[] {
  return mapTitles(parse(WireTitles, json).titles);
}

/** One page of movies. @throws {NexusError} `upstream_malformed` */
export function parseMoviePage(json: unknown, askedPage: number): ListPage {
  const wire = parse(WireMoviePage, json);
  const results: ListedMovie[] = mapListedMovies(wire.results);
  const whole = (n: number | null) => (n !== null && Number.isInteger(n) && n >= 0 ? n : askedPage);
  return { page: whole(wire.page), results, totalPages: whole(wire.total_pages) };
}

/** What an external id leads to. @throws {NexusError} `upstream_malformed` */
export function parseFound(json: unknown): FoundByImdbId {
  const wire = parse(WireFound, json);
  const television = [wire.tv_results, wire.tv_episode_results, wire.tv_season_results];
  return {
    movies: mapListedMovies(wire.movie_results),
    television: television.some((list) => list.length > 0),
  };
}

/** The genre list. @throws {NexusError} `upstream_malformed` */
export function parseGenres(json: unknown): NamedId[] {
  return firstById(parse(WireGenres, json).genres);
}

function parse<T extends z.ZodType>(schema: T, json: unknown): z.output<T> {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw upstreamError('upstream_malformed', { what: z.prettifyError(parsed.error) });
}
