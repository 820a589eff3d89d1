import { z } from 'zod';
import { maxTmdbId } from '#shared/jobs/catalog.ts';

const message = `must be a whole number from 1 to ${maxTmdbId}`;

/** An id of TMDb's as it stands in a body: of a movie, a person or a genre. */
export const TmdbIdNumber = z.int(message).min(1, message).max(maxTmdbId, message);
