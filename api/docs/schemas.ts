import { z } from 'zod';
import { errorCodes } from '#shared/errors.ts';
import { Attribution } from '../attribution/model.ts';
import { Genre } from '../genres/model.ts';
import { Liveness, Readiness } from '../health/model.ts';
import { Movie, MovieListItem, RelatedMovie } from '../movies/model.ts';
import { statusOf } from '../plugins/status-of.ts';
import { MirrorMeta, MirrorPageMeta } from '../reads/model.ts';
import { TrendingMovie } from '../trending/model.ts';

/** Codes that are translated before anybody sees them. */
const internal = (code: string) =>
  /^(upstream_(?!unavailable)|list_|export_|too_many_(?!requests)|shutting_)/.test(code);

const Failure = z.object({
  status: z.literal('error'),
  message: z.string(),
  code: z.enum(errorCodes.filter((code) => code in statusOf && !internal(code))),
  request_id: z.string(),
  details: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});

const Pending = z.object({
  status: z.literal('pending'),
  message: z.string(),
  code: z.literal('fetch_pending'),
  retry_after: z.int(),
});

/** The shapes that the API description names. */
export const schemas = {
  Attribution,
  Failure,
  Genre,
  Liveness,
  MirrorMeta,
  MirrorPageMeta,
  Movie,
  MovieListItem,
  Pending,
  Readiness,
  RelatedMovie,
  TrendingMovie,
} as const;

export type SchemaName = keyof typeof schemas;
