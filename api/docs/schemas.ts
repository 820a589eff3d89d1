import { z } from 'zod';
import { callerErrorCodes } from '#shared/errors.ts';
import { JobFailure, ReplayedJob } from '../admin/failure-model.ts';
import { RequestedRun, SyncRun } from '../admin/model.ts';
import { AdminOverview } from '../admin/overview-model.ts';
import { Attribution } from '../attribution/model.ts';
import { Account, SignedIn, TokenPair } from '../auth/model.ts';
import { Genre } from '../genres/model.ts';
import { Liveness, Readiness } from '../health/model.ts';
import { MirrorMeta, MirrorPageMeta, PageMeta } from '../http/answers/model.ts';
import { ImportReport, ImportSummary, StartedImport } from '../imports/model.ts';
import { Movie, MovieListItem, RelatedMovie } from '../movies/model.ts';
import { Actor } from '../people/model.ts';
import { Recommendation, RecommendationsMeta } from '../recommendations/model.ts';
import { TrendingMovie } from '../trending/model.ts';
import { Interaction, InteractionsSaved } from '../users/interactions/model.ts';
import { Preferences } from '../users/preferences/model.ts';
import { Profile, UserExport } from '../users/profile/model.ts';

const Failure = z.object({
  status: z.literal('error'),
  message: z.string(),
  code: z.enum(callerErrorCodes),
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
  Account,
  AdminOverview,
  Actor,
  Attribution,
  Failure,
  Genre,
  Interaction,
  JobFailure,
  InteractionsSaved,
  ImportReport,
  ImportSummary,
  Liveness,
  MirrorMeta,
  MirrorPageMeta,
  Movie,
  MovieListItem,
  PageMeta,
  Pending,
  Preferences,
  Profile,
  Readiness,
  Recommendation,
  RecommendationsMeta,
  RelatedMovie,
  ReplayedJob,
  SignedIn,
  TokenPair,
  RequestedRun,
  SyncRun,
  StartedImport,
  TrendingMovie,
  UserExport,
} as const;

export type SchemaName = keyof typeof schemas;
