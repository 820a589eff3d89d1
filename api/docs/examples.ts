import type { z } from 'zod';
import { presentAttribution } from '../attribution/present.ts';
import { exampleListItem, exampleMovie } from './example-movie.ts';
import type { SchemaName, schemas } from './schemas.ts';

const at = '2026-11-20T08:15:30.000Z';
const userId = '01a2b3c4-d5e6-7f80-91a2-b3c4d5e6f708';
const runId = '01a2b3c4-d5e6-7f80-91a2-b3c4d5e6f709';
const importId = '01a2b3c4-d5e6-7f80-91a2-b3c4d5e6f70a';

const account = {
  id: userId,
  name: 'Ada',
  email: 'ada@example.org',
  date_of_birth: '1990-12-10',
  role: 'user' as const,
  created_at: at,
};
const tokens = {
  access_token: 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIwMWEyIn0.c2lnbmF0dXJl',
  token_type: 'Bearer' as const,
  expires_in: 900,
  refresh_token: 'nR0b3V0LWEtcmVhbC1vbmU',
};
const preferences = {
  genres: [{ id: 18, name: 'Drama' }],
  actors: [{ id: 910002, name: 'Lucía Soler' }],
  movies: [exampleListItem],
};
const page = { page: 1, limit: 20, total_results: 1, total_pages: 1 };
const mirror = {
  source: 'mirror' as const,
  fetched_at: at,
  age_seconds: 3600,
  stale: false,
  refresh: 'none' as const,
};
const importSummary = {
  id: importId,
  source: 'letterboxd' as const,
  list: 'watched' as const,
  list_assumed: false,
  status: 'succeeded' as const,
  created_at: at,
  finished_at: at,
  counts: { rows: 1, matched: 1, ambiguous: 0, not_found: 0, pending: 0, added: 1, unchanged: 0 },
  error: null,
};

/** One example of each shape, in which nothing is real. */
export const examples = {
  Account: account,
  Actor: { id: 910002, name: 'Lucía Soler', profile_path: '/soler.jpg' },
  AdminOverview: {
    mirror: {
      movies: 1200,
      detailed: 1150,
      listed: 40,
      unknown: 7,
      gone: 2,
      purged: 1,
      stale: 12,
      people: 30500,
      genres: 19,
      oldest_fetched_at: '2026-11-13T08:15:30.000Z',
      newest_fetched_at: at,
      counted_at: at,
      last_success_at: { genres: at, trending: at, export: null, details: at, neighbours: at, purge: null },
    },
    queues: [
      { name: 'sync', up: true, waiting: 0, active: 1, delayed: 6, failed: 0, completed: 0, workers: 1 },
    ],
    tmdb: {
      identity: 'https://api.themoviedb.org/3',
      circuit: 'closed',
      reason: null,
      retry_at: null,
      paused_until: null,
      last_success_at: at,
      window_hours: 24,
      requests: [{ endpoint: '/movie/{id}', status: 200, count: 1150 }],
      rate_limited: 0,
      limiter: { granted: 1150, waited_ms: 36000, mean_wait_ms: 31.3, max_rps: 30 },
      by_minute: [
        { minute: '2026-11-20T08:15:00.000Z', requests: 42, rate_limited: 0, failed: 0, mean_wait_ms: 31.3 },
      ],
    },
    users: { total: 3, admins: 1, sessions: 4, new_last_7_days: 1 },
    failures: 0,
  },
  Attribution: presentAttribution(),
  Failure: {
    status: 'error',
    message: 'Something went wrong on our side. It has been noted.',
    code: 'internal_error',
    request_id: '7d9c1f20-1k',
  },
  Genre: { id: 18, name: 'Drama' },
  ImportReport: {
    ...importSummary,
    rows: [
      {
        line: 2,
        title: exampleListItem.title,
        year: 2014,
        status: 'matched',
        tmdb_id: exampleListItem.tmdb_id,
        matched_by: 'title',
        reason: null,
        candidates: [],
      },
    ],
  },
  ImportSummary: importSummary,
  Interaction: { tmdb_id: exampleListItem.tmdb_id, type: 'liked', at, movie: exampleListItem },
  InteractionsSaved: { added: 1, unchanged: 0 },
  JobFailure: {
    id: runId,
    queue: 'sync',
    job: 'genres',
    subject: '',
    code: 'list_too_short',
    message: 'TMDb’s list “genres” has 0 entries. It had 19 before, so the old list was kept.',
    attempts: 1,
    times: 2,
    first_failed_at: at,
    last_failed_at: at,
  },
  Liveness: { live: true },
  MirrorMeta: mirror,
  MirrorPageMeta: { ...mirror, ...page },
  Movie: exampleMovie,
  MovieListItem: exampleListItem,
  PageMeta: page,
  Pending: {
    status: 'pending',
    message: 'This movie is being fetched from TMDb. Please ask again in a moment.',
    code: 'fetch_pending',
    retry_after: 2,
  },
  Preferences: preferences,
  Profile: { ...account, preferences, interactions: { liked: 3, disliked: 0, bookmarked: 1, watched: 12 } },
  Readiness: { postgres: 'up', queue: 'up' },
  Recommendation: {
    movie: exampleListItem,
    score: 0.82,
    reasons: [{ type: 'genre', id: 18, name: 'Drama', text: 'Drama, one of your genres' }],
  },
  RecommendationsMeta: { strategy: 'preferences', ...page },
  RelatedMovie: {
    movie: exampleListItem,
    score: 0.64,
    reasons: [{ type: 'genre', id: 18, name: 'Drama', text: 'Also Drama' }],
  },
  ReplayedJob: { job: 'genres', run_id: runId },
  RequestedRun: { run_id: runId, job: 'trending' },
  SignedIn: { user: account, ...tokens },
  StartedImport: { import_id: importId, list: 'watched', list_assumed: false },
  SyncRun: {
    id: runId,
    job: 'trending',
    trigger: 'admin',
    requested_by: userId,
    status: 'running',
    queued_at: at,
    started_at: at,
    finished_at: null,
    counts: { seen: 200, created: 12, updated: 40, unchanged: 148, gone: 0, failed: 0 },
    progress: 0.5,
    error: null,
    error_code: null,
  },
  TokenPair: tokens,
  TrendingMovie: { rank: 1, ...exampleListItem },
  UserExport: {
    account: { ...account, updated_at: at },
    sessions: [],
    preferences: { genres: [], actors: [], movies: [] },
    interactions: [{ tmdb_id: exampleListItem.tmdb_id, title: exampleListItem.title, type: 'liked', at }],
    imports: [],
  },
} as const satisfies { [N in SchemaName]: Readonlied<z.input<(typeof schemas)[N]>> };

/** What is written down for good may be of lists that nobody changes. */
type Readonlied<T> = T extends readonly (infer U)[]
  ? readonly Readonlied<U>[]
  : T extends object
    ? { readonly [K in keyof T]: Readonlied<T[K]> }
    : T;

/** By method and path, as the description has them. */
export const requestExamples: Readonly<Record<string, unknown>> = {
  'post /api/admin/sync/{job}': { force: false },
  'post /api/auth/login': { email: 'ada@example.org', password: 'correct horse' },
  'post /api/auth/refresh': { refresh_token: tokens.refresh_token },
  'post /api/auth/register': {
    name: 'Ada',
    email: 'ada@example.org',
    password: 'correct horse',
    date_of_birth: '1990-12-10',
  },
  'post /api/user/import':
    'Date,Name,Year,Letterboxd URI\n2024-05-01,The Lighthouse Keeper’s Daughter,2014,https://boxd.it/xxxx\n',
  'post /api/user/interactions': {
    items: [
      { tmdb_id: exampleListItem.tmdb_id, type: 'liked' },
      { tmdb_id: exampleListItem.tmdb_id, type: 'watched', at: '2024-05-01' },
    ],
  },
  'post /api/user/preferences': { genres: [18], actors: [910002], movies: [exampleListItem.tmdb_id] },
  'delete /api/user/profile': { password: 'correct horse' },
  'patch /api/user/profile': { name: 'Ada L.' },
};
