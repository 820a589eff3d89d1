import type { RunCounts, RunLoss } from '#shared/sync/sync-run.ts';

/** Ids that a field is named with. */
const maxIds = 10;
/** Fields of answers are far fewer. */
const maxFields = 100;

/** Gathers what of TMDb's answers could not be used, by field, so that a run can name it in bounded space. */
export class Losses {
  private readonly byField: Map<string, RunLoss>;
  private readonly counts: Pick<RunCounts, 'seen' | 'failed'>;
  private changed = false;

  /** @param counts a lost row is counted there @param before what the run had lost when it was taken up */
  constructor(counts: Pick<RunCounts, 'seen' | 'failed'>, before: readonly RunLoss[] = []) {
    this.counts = counts;
    this.byField = new Map(before.map((loss) => [loss.field, { ...loss, tmdb_ids: [...loss.tmdb_ids] }]));
  }

  /** A value that is as if TMDb had left it empty. @param tmdbId the movie that it was of */
  value(field: string, tmdbId: number | null, times = 1): void {
    if (this.byField.size >= maxFields && !this.byField.has(field)) return;
    const loss = this.byField.get(field) ?? { field, times: 0, tmdb_ids: [] };
    loss.times += times;
    if (tmdbId !== null && loss.tmdb_ids.length < maxIds && !loss.tmdb_ids.includes(tmdbId))
      loss.tmdb_ids.push(tmdbId);
    this.byField.set(field, loss);
    this.changed = true;
  }

  /** A row of a list that could not be used at all. */
  row(field: string, tmdbId: number | null, times = 1): undefined {
    this.value(field, tmdbId, times);
    this.counts.seen += times;
    this.counts.failed += times;
  }

  /** For a job that begins from the beginning. */
  clear(): void {
    this.byField.clear();
    this.changed = true;
  }

  list(): RunLoss[] {
    return [...this.byField.values()];
  }

  /** Whether there is anything new since the last call. */
  takeChanged(): boolean {
    const { changed } = this;
    this.changed = false;
    return changed;
  }
}
