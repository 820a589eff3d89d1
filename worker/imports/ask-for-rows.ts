import pLimit from 'p-limit';
import type { JobContext } from '#worker/runner/handler.ts';
import type { Candidate, PendingRow } from './import-row.ts';
import { type Answer, matchAtTmdb } from './match-at-tmdb.ts';

/** A share of the budget that leaves `details` and the next user theirs. */
const atOnce = 4;

export interface Asked {
  /** By line. */
  answers: Map<number, Answer>;
  /** How many calls that took. */
  asked: number;
  /** Why some rows have no answer. */
  failure: { error: unknown } | undefined;
}

interface AskOptions extends Pick<JobContext, 'tmdb' | 'signal'> {
  /** By line, the movies of the mirror with a row's title. */
  namesakes: ReadonlyMap<number, Candidate[]>;
  patient: boolean;
}

/** Asks TMDb about rows, a few at a time. */
export async function askForRows(
  rows: readonly PendingRow[],
  { tmdb, signal, namesakes, patient }: AskOptions,
): Promise<Asked> {
  const lanes = pLimit(atOnce);
  const answers = new Map<number, Answer>();
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  let failure: Asked['failure'];
  const counted = countCalls(tmdb);
  const ask = async (row: PendingRow) => {
    if (failure !== undefined) return;
    try {
      const known = namesakes.get(row.line) ?? [];
      answers.set(
        row.line,
        await matchAtTmdb(row, { tmdb: counted, patient, namesakes: known, signal: either }),
      );
    } catch (error) {
      failure ??= { error };
      stop.abort();
    }
  };
  await lanes.map(rows, ask);
  return { answers, asked: counted.calls(), failure };
}

/** The calls that rows are matched with, counted. */
function countCalls({ movie, findByImdbId, searchMovies }: JobContext['tmdb']) {
  let calls = 0;
  const counting =
    <Args extends unknown[], Result>(call: (...args: Args) => Result) =>
    (...args: Args): Result => {
      calls++;
      return call(...args);
    };
  return {
    movie: counting(movie),
    findByImdbId: counting(findByImdbId),
    searchMovies: counting(searchMovies),
    calls: () => calls,
  };
}
