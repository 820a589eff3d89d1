import { FacadeKey } from '../facade/facade-key.ts';
import { Genre } from '../genres/genre.ts';
import { GenreTranslation } from '../genres/genre-translation.ts';
import { JobFailure } from '../jobs/job-failure.ts';
import { ListEntry } from '../lists/list-entry.ts';
import { CountedFigures } from '../metrics/counted-figures.ts';
import { MetricTotal } from '../metrics/metric-total.ts';
import { WorkerProcess } from '../metrics/worker-process.ts';
import { Collection } from '../movies/collection.ts';
import { CommonTerms } from '../movies/common-terms.ts';
import { Company } from '../movies/company.ts';
import { Keyword } from '../movies/keyword.ts';
import { Movie } from '../movies/movie.ts';
import { MovieAbsence } from '../movies/movie-absence.ts';
import { MovieAlternativeTitle } from '../movies/movie-alternative-title.ts';
import { MovieDocument } from '../movies/movie-document.ts';
import { MovieGenre } from '../movies/movie-genre.ts';
import { MovieKeyword } from '../movies/movie-keyword.ts';
import { MovieMerge } from '../movies/movie-merge.ts';
import { MoviePart } from '../movies/movie-part.ts';
import { MoviePosters } from '../movies/movie-posters.ts';
import { MovieRelation } from '../movies/movie-relation.ts';
import { MovieRelease } from '../movies/movie-release.ts';
import { MovieTerms } from '../movies/movie-terms.ts';
import { MovieTranslation } from '../movies/movie-translation.ts';
import { MovieUse } from '../movies/movie-use.ts';
import { NamedPicture } from '../movies/named-picture.ts';
import { NotedIds } from '../movies/noted-ids.ts';
import { Credit } from '../people/credit.ts';
import { Person } from '../people/person.ts';
import { PersonCredit } from '../people/person-credit.ts';
import { ContentNeighbours } from '../recommendations/content-neighbours.ts';
import { MovieNeighbours } from '../recommendations/movie-neighbours.ts';
import { NeighbourWork } from '../recommendations/neighbour-work.ts';
import { StoredRecord } from '../records/record.ts';
import { RecordPart } from '../records/record-part.ts';
import { ReferenceDocument } from '../reference/reference-document.ts';
import { CollectionName } from '../search/collection-name.ts';
import { MovieTitle } from '../search/movie-title.ts';
import { OtherTitle } from '../search/other-title.ts';
import { PersonName } from '../search/person-name.ts';
import { UpstreamSearch } from '../search/upstream-search.ts';
import { NameWord, OtherTitleWord, TitleWord } from '../search/words.ts';
import { SecurityEvent } from '../security/security-event.ts';
import { ChangeFeed } from '../sync/change-feed.ts';
import { ListSnapshot } from '../sync/list-snapshot.ts';
import { SyncRun } from '../sync/sync-run.ts';
import { RateLimit } from '../throttles/rate-limit.ts';
import { TrendingEntry } from '../trending/trending-entry.ts';
import { Upstream } from '../upstream/upstream.ts';
import { UpstreamRequests, UpstreamWaits } from '../upstream/upstream-usage.ts';
import { LoginNetwork } from '../users/login-network.ts';
import { PasswordReset } from '../users/password-reset.ts';
import { RefreshToken } from '../users/refresh-token.ts';
import { Session } from '../users/session.ts';
import { Totp } from '../users/totp.ts';
import { TotpRecoveryCode } from '../users/totp-recovery-code.ts';
import { User } from '../users/user.ts';
import { UserActorPreference } from '../users/user-actor-preference.ts';
import { UserGenrePreference } from '../users/user-genre-preference.ts';
import { UserImport } from '../users/user-import.ts';
import { UserImportBudget } from '../users/user-import-budget.ts';
import { UserImportRow } from '../users/user-import-row.ts';
import { UserMovieInteraction } from '../users/user-movie-interaction.ts';
import { UserMoviePreference } from '../users/user-movie-preference.ts';
import { UserMovieRating } from '../users/user-movie-rating.ts';

export const entities = [
  ChangeFeed,
  Collection,
  CommonTerms,
  Company,
  CollectionName,
  Credit,
  FacadeKey,
  Genre,
  GenreTranslation,
  JobFailure,
  Keyword,
  ListEntry,
  ListSnapshot,
  LoginNetwork,
  CountedFigures,
  MetricTotal,
  Movie,
  MovieAbsence,
  MovieAlternativeTitle,
  MovieDocument,
  MovieGenre,
  MovieKeyword,
  MovieMerge,
  ContentNeighbours,
  MovieNeighbours,
  NeighbourWork,
  MoviePart,
  MoviePosters,
  MovieRelation,
  MovieRelease,
  MovieTitle,
  MovieTerms,
  MovieTranslation,
  MovieUse,
  NamedPicture,
  NameWord,
  NotedIds,
  OtherTitle,
  OtherTitleWord,
  PasswordReset,
  Person,
  PersonCredit,
  PersonName,
  RateLimit,
  RecordPart,
  ReferenceDocument,
  StoredRecord,
  RefreshToken,
  SecurityEvent,
  Session,
  SyncRun,
  TitleWord,
  Totp,
  TotpRecoveryCode,
  TrendingEntry,
  Upstream,
  UpstreamRequests,
  UpstreamSearch,
  UpstreamWaits,
  User,
  UserActorPreference,
  UserGenrePreference,
  UserImport,
  UserImportRow,
  UserMovieInteraction,
  UserMoviePreference,
  UserMovieRating,
  UserImportBudget,
  WorkerProcess,
];
