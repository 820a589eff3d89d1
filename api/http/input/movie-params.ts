import { t } from 'elysia';
import { z } from 'zod';
import { NexusError } from '#shared/errors.ts';
import { maxTmdbId, TmdbId } from '#shared/jobs/catalog.ts';

const message = `must be a whole number from 1 to ${maxTmdbId}`;

/** A TMDb id as it stands in a path. */
export const TmdbIdText = z
  .string(message)
  .refine((text) => tmdbIdOf(text) !== undefined, message)
  .transform((text) => Number(text))
  .pipe(TmdbId);

/** The movie of a path. */
export const MovieParams = z.object({ tmdb_movie_id: TmdbIdText.meta({ example: 550 }) });

/** The same for the busiest route, which cannot afford a schema: described alike, checked by `movieIdOf`. */
export const UncheckedMovieParams = t.Object({
  tmdb_movie_id: t.Any({ type: 'integer', minimum: 1, maximum: maxTmdbId, example: 550 }),
});

/** @throws {NexusError} `invalid_input`, as the schema would say it */
export function movieIdOf(text: string): number {
  const id = tmdbIdOf(text);
  if (id !== undefined) return id;
  const details = [{ path: 'tmdb_movie_id', message }];
  throw new NexusError('invalid_input', 'Some of the input is not valid.', { details });
}

const digits = /^\d{1,16}$/;

/** A TMDb id from a path, or `undefined` where the text is none. Cheap: the busiest route asks it every time. */
export function tmdbIdOf(text: string): number | undefined {
  if (!digits.test(text)) return undefined;
  const id = Number(text);
  return id >= 1 && id <= maxTmdbId ? id : undefined;
}
