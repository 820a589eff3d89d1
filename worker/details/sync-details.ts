import { runStatement } from '#shared/db/run-statement.ts';
import { sql } from '#shared/db/sql.ts';
import { codeOf, NexusError } from '#shared/errors.ts';
import { scopeRank } from '#shared/movies/movie.ts';
import { spareCalls } from '#shared/movies/refresh-plan.ts';
import { closeHealedGap, readGapEnd } from '#worker/changes/read-until.ts';
import { moveAllMerged } from '#worker/merges/move-merged.ts';
import { proposeMerges } from '#worker/merges/propose-merges.ts';
import { loseRefused } from '#worker/movies/lose-refused.ts';
import { mapPartsAgain } from '#worker/movies/map-parts-again.ts';
import { rebuildDocuments } from '#worker/movies/rebuild-documents.ts';
import { rebuildSearchRows } from '#worker/movies/rebuild-search-rows.ts';
import { recordAbsences } from '#worker/movies/record-absences.ts';
import { saveMoviesApart } from '#worker/movies/save-movies.ts';
import type { Handler, JobContext } from '#worker/runner/handler.ts';
import { isAboutOneCall } from '#worker/runner/retry.ts';
import { WriteBehind } from '#worker/store/write-behind.ts';
import { type Sql, writeTransaction } from '#worker/store/write-transaction.ts';
import { AbsenceDoubtedError } from '#worker/tmdb/absence-witness.ts';
import type { AnsweredMovie } from '#worker/tmdb/wire/mirrored-movie.ts';
import {
  type CandidateOptions,
  claimCandidates,
  countCandidates,
  wantWhatUsersTouched,
} from './claim-candidates.ts';

/** Movies asked about at the same time, over the calls there may be: a few wait their turn, and no long line before other jobs. */
const askedAhead = 1.5;
/** Movies one claim takes from the table. */
const claimSize = 200;
/** Answers that one write takes at most; while one write runs, the next gathers. */
const writeSize = 100;
/** How long a write waits for more than have come: it costs much the same for one as for many. */
const gatherMs = 500;
/** Answers that may wait for the writer before no more are asked for: what bounds the memory. */
const maxWaiting = 150;

/** After so many answers that cannot be believed, the next run is soon enough. */
const mostDoubted = 100;

type Answer = { movie: AnsweredMovie } | { absent: number };

/**
 * Fills and refreshes movies until nothing is left to do. Fetching and writing overlap: a few dozen calls are
 * under way while one transaction at a time writes what has come. After a kill it goes on where the table says.
 */
export const syncDetails: Handler<'details'> = async (_payload, context) => {
  const { em, mirror, now } = context;
  const since = now();
  await rebuildDocuments(context);
  await mapPartsAgain(context);
  await rebuildSearchRows(context);
  await writeTransaction(em, wantWhatUsersTouched);
  const suspectBefore = await readGapEnd(em.getKysely());
  const spare = { left: await countSpareCalls(em.getKysely(), mirror.spareCallsPerSecond) };
  const candidates = (): CandidateOptions => ({
    scope: mirror.scope,
    suspectBefore,
    spareCalls: spare,
    since,
    now: now(),
  });
  const total = await countCandidates(em.getKysely(), candidates());
  const answers = new AnswerWriter(context, { total, since });
  const stop = new AbortController();
  try {
    await fetchAll({
      claim: () => claimCandidates(em.getKysely(), candidates(), claimSize),
      ask: (id, signal) => ask(id, context, answers, signal),
      atOnce: () => Math.ceil(context.tmdb.callsAtOnce() * askedAhead),
      stop,
      signal: AbortSignal.any([context.signal, stop.signal]),
    });
  } finally {
    await answers.flush();
  }
  await proposeMerges(context);
  await moveAllMerged(em, context.signal);
  if (suspectBefore !== undefined) await writeTransaction(em, (on) => closeHealedGap(on, mirror.scope));
  if (answers.refusedGone > 0) throw tooManyGone(answers.refusedGone);
};

/** Of the time since the last run began, so that many runs together stay below the share, too. */
async function countSpareCalls(on: Sql, perSecond: number): Promise<number> {
  const rows = await runStatement(
    on,
    sql<{ since_ms: number | null }>`
    select (extract(epoch from now() - max(started_at)) * 1000)::float8 as since_ms
    from sync_runs where job = 'details' and status in ('succeeded', 'failed')`,
  );
  return spareCalls({ perSecond, sinceMs: rows[0]?.since_ms ?? Number.POSITIVE_INFINITY });
}

const tooManyGone = (refused: number) =>
  new NexusError(
    'too_many_gone',
    `TMDb says that ${refused} more movies were deleted. That is more than the mirror may lose within a day, so they were not marked.`,
  );

interface Fetching {
  claim: () => Promise<number[]>;
  ask: (tmdbId: number, signal: AbortSignal) => Promise<void>;
  /** How many are to be under way now. */
  atOnce: () => number;
  /** Fired by the first call that fails, so that the others end too. */
  stop: AbortController;
  signal: AbortSignal;
}

/** Keeps calls under way until there is nothing left to claim. @throws the first error, when all have ended */
async function fetchAll({ claim, ask, atOnce, stop, signal }: Fetching): Promise<void> {
  const queue: number[] = [];
  let exhausted = false;
  let refill: Promise<void> | undefined;
  const claimMore = async () => {
    const claimed = await claim();
    queue.push(...claimed);
    exhausted = claimed.length === 0;
    refill = undefined;
  };
  const next = async (): Promise<number | undefined> => {
    while (queue.length === 0 && !exhausted) {
      refill ??= claimMore();
      await refill;
    }
    return queue.shift();
  };
  let failure: { error: unknown } | undefined;
  let lanes = 0;
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  const lane = async () => {
    try {
      for (let id = await next(); id !== undefined; id = await next()) {
        signal.throwIfAborted();
        await ask(id, signal);
        openLanes();
        // The others go on.
        if (lanes > atOnce()) break;
      }
    } catch (error) {
      failure ??= { error };
      stop.abort(failure.error);
    }
    lanes -= 1;
    if (lanes === 0) end();
  };
  const openLanes = () => {
    for (const most = atOnce(); lanes < most && failure === undefined; lanes++) void lane();
  };
  openLanes();
  await ended;
  if (failure !== undefined) throw failure.error;
}

async function ask(id: number, { tmdb, losses }: JobContext, answers: AnswerWriter, signal: AbortSignal) {
  await answers.room();
  try {
    answers.add({ movie: await tmdb.movie(id, { signal, losses }) });
  } catch (error) {
    if (codeOf(error) === 'upstream_not_found') answers.add({ absent: id });
    else if (error instanceof AbsenceDoubtedError) answers.doubt();
    // The run goes on without this one; the next run tries it again.
    else if (isAboutOneCall(error)) {
      if (codeOf(error) === 'upstream_malformed') losses.value('movie', id);
      answers.failed();
    } else throw error;
  }
}

/** Writes answers, and counts what came of them. */
class AnswerWriter {
  private done = 0;
  /** Movies that TMDb says are gone and that were not marked so, because they are too many. */
  refusedGone = 0;
  private readonly context: JobContext;
  private readonly total: number;
  private readonly since: Date;
  private readonly answers = new WriteBehind<Answer>({
    write: (batch) => this.write(batch),
    batchSize: writeSize,
    gatherMs,
    maxWaiting,
  });

  /** @param run how many movies it is about, and when it began */
  constructor(context: JobContext, run: { total: number; since: Date }) {
    this.context = context;
    this.total = run.total;
    this.since = run.since;
  }

  add(answer: Answer): void {
    this.answers.add(answer);
  }

  /** @throws {NexusError} `too_many_gone`, when there is no end of it */
  doubt(): void {
    this.refusedGone++;
    this.failed();
    if (this.refusedGone >= mostDoubted) throw tooManyGone(this.refusedGone);
  }

  failed(): void {
    this.context.counts.seen++;
    this.context.counts.failed++;
    this.advance(1);
  }

  /** Resolves when there is room for one more answer. @throws what the writer failed with */
  room(): Promise<void> {
    return this.answers.room();
  }

  /** Resolves when everything added is written, and nothing more will be. @throws what the writer failed with */
  flush(): Promise<void> {
    return this.answers.flush();
  }

  private async write(batch: Answer[]): Promise<void> {
    const { em, now, counts, mirror } = this.context;
    const movies = batch.flatMap((answer) => ('movie' in answer ? [answer.movie] : []));
    const absent = batch.flatMap((answer) => ('absent' in answer ? [answer.absent] : []));
    const saved = await saveMoviesApart(em, movies, {
      now: now(),
      languages: mirror.languages,
      awaited: { scope: scopeRank[mirror.scope], since: this.since },
      lose: loseRefused(this.context),
    });
    // Counted only now: what was asked for and not written is asked for again when the run continues.
    counts.seen += saved.created + saved.updated + saved.unchanged + absent.length;
    counts.created += saved.created;
    counts.updated += saved.updated;
    counts.unchanged += saved.unchanged;
    const recorded = await writeTransaction(em, (on) => recordAbsences(on, absent, now()));
    counts.gone += recorded.gone;
    this.refusedGone += recorded.refused;
    this.advance(batch.length);
  }

  private advance(by: number): void {
    this.done += by;
    this.context.progress(this.total === 0 ? 1 : Math.min(1, this.done / this.total));
  }
}
