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
import { ListSnapshot } from '../sync/list-snapshot.ts';
import { SyncRun } from '../sync/sync-run.ts';
import { TrendingEntry } from '../trending/trending-entry.ts';
import { Upstream } from '../upstream/upstream.ts';
import { User } from '../users/user.ts';
import { UserMovieInteraction } from '../users/user-movie-interaction.ts';

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
  MovieRelation,
  Person,
  SyncRun,
  TrendingEntry,
  Upstream,
  User,
  UserMovieInteraction,
];
