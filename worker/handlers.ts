import { syncChanges } from './changes/sync-changes.ts';
import { syncDetails } from './details/sync-details.ts';
import { syncExport } from './export/sync-export.ts';
import { syncGenres } from './genres/sync-genres.ts';
import { importHistory, matchImport } from './imports/import-history.ts';
import { resumeImports } from './imports/resume-imports.ts';
import { syncLists } from './lists/sync-lists.ts';
import { noteCommonTerms } from './maintenance/note-common-terms.ts';
import { purge } from './maintenance/purge.ts';
import { moveMerged } from './merges/move-merged.ts';
import { fetchMovie } from './movies/fetch-movie.ts';
import { searchUpstream } from './movies/search-upstream.ts';
import { discoverPreferred } from './recommendations/discover-preferred.ts';
import { findContentNeighbours } from './recommendations/find-content-neighbours.ts';
import { rebuildNeighbours } from './recommendations/rebuild-neighbours.ts';
import { fetchRecord } from './records/fetch-record.ts';
import { syncRecords } from './records/sync-records.ts';
import { syncReference } from './reference/sync-reference.ts';
import type { Handlers } from './runner/handler.ts';
import type { Resumers } from './runner/schedules.ts';
import { syncTrending } from './trending/sync-trending.ts';

/** A job of the catalogue without a handler does not compile. */
export const handlers: Handlers = {
  genres: syncGenres,
  trending: syncTrending,
  lists: syncLists,
  reference: syncReference,
  export: syncExport,
  changes: syncChanges,
  people: syncRecords,
  details: syncDetails,
  content: findContentNeighbours,
  neighbours: rebuildNeighbours,
  terms: noteCommonTerms,
  purge,
  'movies.fetch': fetchMovie,
  'movies.search': searchUpstream,
  'movies.merge': moveMerged,
  'people.fetch': fetchRecord('person'),
  'collections.fetch': fetchRecord('collection'),
  'companies.fetch': fetchRecord('company'),
  'users.match': matchImport,
  'users.import': importHistory,
  'preferences.discover': discoverPreferred,
};

/** A job that a start puts back without the function for it does not compile. */
export const resumers: Resumers = { 'users.import': resumeImports };
