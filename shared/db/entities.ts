import { Genre } from '../genres/genre.ts';
import { Collection } from '../movies/collection.ts';
import { Keyword } from '../movies/keyword.ts';
import { Movie } from '../movies/movie.ts';
import { MovieAbsence } from '../movies/movie-absence.ts';
import { MovieDocument } from '../movies/movie-document.ts';
import { MovieGenre } from '../movies/movie-genre.ts';
import { MovieKeyword } from '../movies/movie-keyword.ts';
import { MovieRelation } from '../movies/movie-relation.ts';
import { Credit } from '../people/credit.ts';
import { Person } from '../people/person.ts';
import { MovieNeighbours } from '../recommendations/movie-neighbours.ts';
import { ListSnapshot } from '../sync/list-snapshot.ts';
import { SyncRun } from '../sync/sync-run.ts';
import { RateLimit } from '../throttles/rate-limit.ts';
import { TrendingEntry } from '../trending/trending-entry.ts';
import { Upstream } from '../upstream/upstream.ts';
import { RefreshToken } from '../users/refresh-token.ts';
import { Session } from '../users/session.ts';
import { User } from '../users/user.ts';
import { UserActorPreference } from '../users/user-actor-preference.ts';
import { UserGenrePreference } from '../users/user-genre-preference.ts';
import { UserMovieInteraction } from '../users/user-movie-interaction.ts';
import { UserMoviePreference } from '../users/user-movie-preference.ts';

export const entities = [
  Collection,
  Credit,
  Genre,
  Keyword,
  ListSnapshot,
  Movie,
  MovieAbsence,
  MovieDocument,
  MovieGenre,
  MovieKeyword,
  MovieNeighbours,
  MovieRelation,
  Person,
  RateLimit,
  RefreshToken,
  Session,
  SyncRun,
  TrendingEntry,
  Upstream,
  User,
  UserActorPreference,
  UserGenrePreference,
  UserMovieInteraction,
  UserMoviePreference,
];
