import { codeOf, NexusError } from '#shared/errors.ts';
import type { CallOptions, TmdbClient } from '#worker/tmdb/tmdb-client.ts';
import type { AnsweredMovie } from '#worker/tmdb/wire/mirrored-movie.ts';
import { chooseByDirectors } from './choose-by-directors.ts';
import { ambiguous, chooseMovie, hasTitle, ofTheYear, titlesOf } from './choose-movie.ts';
import { contradicts } from './contradicts.ts';
import {
  type Candidate,
  candidateOf,
  candidateOfDetails,
  type PendingRow,
  type Settled,
} from './import-row.ts';
import { isSameOtherwise } from './is-same-otherwise.ts';

type Asking = Pick<TmdbClient, 'movie' | 'findByImdbId' | 'searchMovies'>;

interface AskOptions extends CallOptions {
  tmdb: Asking;
  /** Of the mirror, with the row's title. */
  namesakes: readonly Candidate[];
  /** Whether trouble that may pass is thrown, to be met again later, and not held against the row. */
  patient: boolean;
}

/** What TMDb said of a row; `detailed`: movies it gave in full. */
export interface Answer {
  settled: Settled;
  detailed?: AnsweredMovie[];
}

/** If many titles contain this one, the right movie may be far behind. Later pages are not read. */
const maxPages = 3;
/** Of so many namesakes TMDb is asked who made them. */
const maxDirected = 8;

/**
 * Asks TMDb which movie a row is: by the best thing the row says of itself. The rest of the row must not contradict it.
 * @throws {NexusError} only what is not about this row: TMDb is away, the process ends
 */
export async function matchAtTmdb(row: PendingRow, options: AskOptions): Promise<Answer> {
  try {
    if (row.given_tmdb_id !== null) return await askByTmdbId(row.given_tmdb_id, row, options);
    if (row.given_imdb_id !== null) return { settled: await askByImdbId(row.given_imdb_id, row, options) };
    return await askByTitle(row, options);
  } catch (error) {
    if (!isAboutThisRow(error, options)) throw error;
    const reason = { code: 'answer_not_usable' } as const;
    return { settled: { status: 'not_found', reason, candidates: [...options.namesakes] } };
  }
}

async function askByTmdbId(tmdbId: number, row: PendingRow, options: AskOptions): Promise<Answer> {
  try {
    const movie = await options.tmdb.movie(tmdbId, options);
    const candidate = candidateOfDetails(movie);
    if (contradicts(row, candidate)) return { settled: await doubtId(candidate, row, options) };
    return { settled: { status: 'matched', tmdbId, by: 'tmdb_id' }, detailed: [movie] };
  } catch (error) {
    if (codeOf(error) !== 'upstream_not_found') throw error;
    const reason = { code: 'tmdb_id_unknown' } as const;
    return { settled: { status: 'not_found', reason, candidates: await searched(row, options) } };
  }
}

async function askByImdbId(imdbId: string, row: PendingRow, options: AskOptions): Promise<Settled> {
  const { movies, television } = await options.tmdb.findByImdbId(imdbId, options).catch(noneIfNotFound);
  const [listed] = movies;
  if (listed !== undefined && movies.length === 1) {
    const candidate = candidateOf(listed);
    if (contradicts(row, candidate)) return doubtId(candidate, row, options);
    return { status: 'matched', tmdbId: listed.tmdb_id, by: 'imdb_id', listed };
  }
  if (movies.length > 1) return ambiguous({ code: 'imdb_id_of_several' }, movies.map(candidateOf));
  if (television) return { status: 'not_found', reason: { code: 'television' } };
  const reason = { code: 'imdb_id_unknown' } as const;
  return { status: 'not_found', reason, candidates: await searched(row, options) };
}

/** The movie of the id, and those of the title: the row names one, and describes another. */
async function doubtId(movie: Candidate, row: PendingRow, options: AskOptions): Promise<Settled> {
  const { title, year } = movie;
  const others = (await searched(row, options)).filter(({ tmdb_id }) => tmdb_id !== movie.tmdb_id);
  return ambiguous({ code: 'id_contradicted', title, year }, [movie, ...others]);
}

/** Not chosen from, since the row names another id: for the user to look at. */
async function searched(row: PendingRow, options: AskOptions): Promise<Candidate[]> {
  if (row.title === null) return [];
  const { same } = await search(row, row.year, options);
  return withNamesakes(same, options).filter(
    ({ year }) => row.year === null || year === null || Math.abs(year - row.year) <= 1,
  );
}

async function askByTitle(row: PendingRow, options: AskOptions): Promise<Answer> {
  const { year } = row;
  const found = await searchAllYears(row, options);
  const candidates = withNamesakes(found.same, options);
  const detailed: AnsweredMovie[] = [];
  if (row.directors) {
    const possible = ofTheYear(year, candidates).slice(0, maxDirected);
    const directed = await readDirectors(possible, options, detailed);
    const chosen = chooseByDirectors({ directors: row.directors, year }, directed);
    if (chosen !== undefined) return { settled: chosen, detailed };
  }
  const chosen = chooseMovie({ year, candidates, complete: found.complete });
  if (chosen !== undefined) return { settled: chosen, detailed };
  const otherwise = chooseOtherwise(row, found.others);
  if (otherwise !== undefined) return { settled: otherwise, detailed };
  const reason = { code: candidates.length > 0 ? 'title_of_other_years' : 'title_unknown' } as const;
  // What TMDb finds otherwise only contains the words, or is known by them elsewhere: it must be of that year at least.
  const others = found.others.filter((it) => year !== null && it.year === year);
  return { settled: { status: 'not_found', reason, candidates: [...candidates, ...others] }, detailed };
}

/** One of exactly that year whose title is only written in another way: a number, an article, an abbreviation. */
function chooseOtherwise(row: PendingRow, others: readonly Candidate[]): Settled | undefined {
  const { year } = row;
  const same = others.filter((it) => year !== null && it.year === year && isSameOtherwise(row, it));
  return chooseMovie({ year, candidates: same, complete: true });
}

/** Who made movies is in their details, which the mirror is going to want anyway. */
async function readDirectors(candidates: Candidate[], options: AskOptions, detailed: AnsweredMovie[]) {
  const directed: Candidate[] = [];
  for (const candidate of candidates) {
    if (candidate.directors !== undefined) {
      directed.push(candidate);
      continue;
    }
    const movie = await options.tmdb.movie(candidate.tmdb_id, options).catch((error: unknown) => {
      if (codeOf(error) !== 'upstream_not_found') throw error;
    });
    if (movie !== undefined) detailed.push(movie);
    directed.push({
      ...candidate,
      directors: movie === undefined ? [] : (candidateOfDetails(movie).directors ?? []),
    });
  }
  return directed;
}

interface Found {
  /** With the row's title. */
  same: Candidate[];
  others: Candidate[];
  /** Whether all that TMDb found was looked at. */
  complete: boolean;
}

/**
 * The first page has the best known ones of all years, so that a famous one a year off is seen. Where there are more,
 * those of the row's own year are asked for, and then the next pages.
 */
async function searchAllYears(row: PendingRow, options: AskOptions): Promise<Found> {
  const first = await search(row, null, options, { to: 1 });
  if (first.complete) return first;
  if (row.year !== null) {
    const ofYear = await search(row, row.year, options);
    const both = joined(first, ofYear);
    if (ofYear.same.some(({ year }) => year === row.year)) return both;
    return joined(both, await search(row, null, options, { from: 2 }));
  }
  const rest = await search(row, null, options, { from: 2 });
  return { ...joined(first, rest), complete: rest.complete };
}

function joined(a: Found, b: Found): Found {
  const each = (movies: Candidate[]) => [...new Map(movies.map((it) => [it.tmdb_id, it])).values()];
  return {
    same: each([...a.same, ...b.same]),
    others: each([...a.others, ...b.others]),
    complete: a.complete && b.complete,
  };
}

async function search(
  row: PendingRow,
  year: number | null,
  { tmdb, ...call }: AskOptions,
  { from = 1, to = maxPages } = {},
): Promise<Found> {
  const found = new Map<number, Candidate>();
  const query = titlesOf(row)[0] ?? '';
  let pages = from;
  for (let page = from; page <= Math.min(pages, to); page++) {
    const answer = await tmdb.searchMovies({ query, ...(year === null ? {} : { year }) }, page, call);
    for (const listed of answer.results) found.set(listed.tmdb_id, candidateOf(listed));
    pages = answer.totalPages;
  }
  const all = [...found.values()];
  return {
    same: all.filter((movie) => hasTitle(row, movie)),
    others: all.filter((movie) => !hasTitle(row, movie)),
    complete: pages <= to,
  };
}

/** What the mirror has is taken from there. */
function withNamesakes(found: readonly Candidate[], { namesakes }: AskOptions): Candidate[] {
  const known = new Map(namesakes.map((it) => [it.tmdb_id, it]));
  return [
    ...found.map((it) => known.get(it.tmdb_id) ?? it),
    ...namesakes.filter(({ tmdb_id }) => !found.some((it) => it.tmdb_id === tmdb_id)),
  ];
}

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
