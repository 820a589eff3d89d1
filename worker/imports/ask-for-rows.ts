import type { JobContext } from '#worker/runner/handler.ts';
import type { Candidate, PendingRow } from './import-row.ts';
import { type Answer, matchAtTmdb } from './match-at-tmdb.ts';

/** A share of the budget that leaves `details` and the next user theirs. */
const lanes = 4;

export interface Asked {
  /** By line. */
  answers: Map<number, Answer>;
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
  const waiting = [...rows];
  const answers = new Map<number, Answer>();
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  let failure: Asked['failure'];
  const lane = async () => {
    for (let row = waiting.shift(); row !== undefined && failure === undefined; row = waiting.shift()) {
      const known = namesakes.get(row.line) ?? [];
      answers.set(row.line, await matchAtTmdb(row, { tmdb, patient, namesakes: known, signal: either }));
    }
  };
  const guarded = () =>
    lane().catch((error: unknown) => {
      failure ??= { error };
      stop.abort();
    });
  await Promise.all(Array.from({ length: lanes }, guarded));
  return { answers, failure };
}
