import { codeOf, NexusError } from '#shared/errors.ts';
import type { CallOptions, TmdbClient } from '#worker/tmdb/tmdb-client.ts';
import type { MirroredMovie } from '#worker/tmdb/wire/mirrored-movie.ts';
import { chooseMovie, hasTitle, titlesOf } from './choose-movie.ts';
import { type Candidate, candidateOf, type PendingRow, type Settled } from './import-row.ts';

type Asking = Pick<TmdbClient, 'movie' | 'findByImdbId' | 'searchMovies'>;

interface AskOptions extends CallOptions {
  tmdb: Asking;
  /** Of the mirror, with the row's title. */
  namesakes: readonly Candidate[];
  /** Whether trouble that may pass is thrown, to be met again later, and not held against the row. */
  patient: boolean;
}

/** What TMDb said of a row; `detailed`: a movie it gave in full. */
export interface Answer {
  settled: Settled;
  detailed?: MirroredMovie;
}

/** If many titles contain this one, the right movie may be far behind. Later pages are not read. */
const maxPages = 3;

/**
 * Asks TMDb which movie a row is: by its TMDb id, else by its IMDb id, else by its title.
 * @throws {NexusError} only what is not about this row: TMDb is away, the process ends
 */
export async function matchAtTmdb(row: PendingRow, options: AskOptions): Promise<Answer> {
  try {
    if (row.given_tmdb_id !== null) return await askByTmdbId(row.given_tmdb_id, row, options);
    if (row.given_imdb_id !== null) return { settled: await askByImdbId(row.given_imdb_id, row, options) };
    return { settled: await askByTitle(row, options) };
  } catch (error) {
    if (!isAboutThisRow(error, options)) throw error;
    const reason = 'TMDb’s answer to this could not be used.';
    return { settled: { status: 'not_found', reason, candidates: [...options.namesakes] } };
  }
}

async function askByTmdbId(tmdbId: number, row: PendingRow, options: AskOptions): Promise<Answer> {
  try {
    const detailed = await options.tmdb.movie(tmdbId, options);
    return { settled: { status: 'matched', tmdbId, by: 'tmdb_id' }, detailed };
  } catch (error) {
    if (codeOf(error) !== 'upstream_not_found') throw error;
    const reason = 'TMDb has no movie with this id.';
    return { settled: { status: 'not_found', reason, candidates: await searched(row, options) } };
  }
}

async function askByImdbId(imdbId: string, row: PendingRow, options: AskOptions): Promise<Settled> {
  const { movies, television } = await options.tmdb.findByImdbId(imdbId, options).catch(noneIfNotFound);
  const [listed] = movies;
  if (listed !== undefined && movies.length === 1)
    return { status: 'matched', tmdbId: listed.tmdb_id, by: 'imdb_id', listed };
  if (movies.length > 1)
    return {
      status: 'ambiguous',
      reason: 'Several movies have this IMDb id.',
      candidates: movies.map(candidateOf),
    };
  if (television) return { status: 'not_found', reason: 'TMDb lists it as television, not as a movie.' };
  const reason = 'TMDb has no movie with this IMDb id.';
  return { status: 'not_found', reason, candidates: await searched(row, options) };
}

/** Not chosen from, since the row names another id: for the user to look at. */
async function searched(row: PendingRow, options: AskOptions): Promise<Candidate[]> {
  if (row.title === null) return [];
  const { same } = await search(row, row.year, options);
  return withNamesakes(same, options).filter(
    ({ year }) => row.year === null || year === null || Math.abs(year - row.year) <= 1,
  );
}

async function askByTitle(row: PendingRow, options: AskOptions): Promise<Settled> {
  const ofYear = row.year === null ? undefined : await search(row, row.year, options);
  const exact = ofYear && chooseMovie({ year: row.year, candidates: ofYear.same, complete: true });
  if (exact !== undefined) return exact;
  const ofAnyYear = await search(row, null, options);
  const candidates = withNamesakes(ofAnyYear.same, options);
  const chosen = chooseMovie({ year: row.year, candidates, complete: ofAnyYear.complete });
  if (chosen !== undefined) return chosen;
  const reason =
    candidates.length > 0
      ? 'TMDb has movies with this title only from other years.'
      : 'TMDb has no movie with this title.';
  // What TMDb finds otherwise only contains the words, or is known by them elsewhere: it must be of that year at least.
  return { status: 'not_found', reason, candidates: [...candidates, ...(ofYear?.others ?? [])] };
}

interface Found {
  /** With the row's title. */
  same: Candidate[];
  others: Candidate[];
  /** Whether all that TMDb found was looked at. */
  complete: boolean;
}

async function search(row: PendingRow, year: number | null, { tmdb, ...call }: AskOptions): Promise<Found> {
  const found = new Map<number, Candidate>();
  const query = titlesOf(row)[0] ?? '';
  let pages = 1;
  for (let page = 1; page <= Math.min(pages, maxPages); page++) {
    const answer = await tmdb.searchMovies({ query, ...(year === null ? {} : { year }) }, page, call);
    for (const listed of answer.results) found.set(listed.tmdb_id, candidateOf(listed));
    pages = answer.totalPages;
  }
  const all = [...found.values()];
  return {
    same: all.filter((movie) => hasTitle(row, movie)),
    others: all.filter((movie) => !hasTitle(row, movie)),
    complete: pages <= maxPages,
  };
}

const withNamesakes = (found: readonly Candidate[], { namesakes }: AskOptions): Candidate[] => [
  ...found,
  ...namesakes.filter((known) => !found.some(({ tmdb_id }) => tmdb_id === known.tmdb_id)),
];

function noneIfNotFound(error: unknown) {
  if (codeOf(error) === 'upstream_not_found') return { movies: [], television: false };
  throw error;
}

/** A wrong shape, a refusal, or trouble that outlasted the retries while TMDb answers others. */
function isAboutThisRow(error: unknown, { patient }: AskOptions): boolean {
  const code = codeOf(error);
  if (code === 'upstream_malformed' || code === 'upstream_refused_request' || code === 'upstream_not_found')
    return true;
  const transient = code === 'upstream_unavailable' || code === 'upstream_rate_limited';
  return transient && !patient && error instanceof NexusError && error.retryAfterMs === undefined;
}
