import { z } from 'zod';
import type { ListedMovie, MirroredMovie, NamedId } from '#worker/movies/mirrored-movie.ts';
import { mapMovie } from './map.ts';
import { firstById, mapListedMovies } from './map-listed-movie.ts';
import { WireGenres, WireMovie, WireMoviePage } from './schemas.ts';
import type { ListPage } from './tmdb-client.ts';
import { upstreamError } from './upstream-error.ts';

/** The details of the movie that was asked for. @throws {NexusError} `upstream_malformed` */
export function parseMovie(json: unknown, askedId: number): MirroredMovie {
  const wire = parse(WireMovie, json);
  if (wire.id !== askedId)
    throw upstreamError('upstream_malformed', { what: `asked for movie ${askedId}, got ${wire.id}` });
  return mapMovie(wire);
}

/** One page of movies. @throws {NexusError} `upstream_malformed` */
export function parseMoviePage(json: unknown, askedPage: number): ListPage {
  const wire = parse(WireMoviePage, json);
  const results: ListedMovie[] = mapListedMovies(wire.results);
  const whole = (n: number | null) => (n !== null && Number.isInteger(n) && n >= 0 ? n : askedPage);
  return { page: whole(wire.page), results, totalPages: whole(wire.total_pages) };
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
