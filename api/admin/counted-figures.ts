import type { Pool } from 'pg';
import { runStatement } from '#shared/db/run-statement.ts';
import { prepared, type Statement, sql } from '#shared/db/sql.ts';
import { TooLateError, within } from '#shared/within.ts';
import { queryStore } from '../store/query-store.ts';

/** Counting takes at most this part of the time, however much there is… */
const part = 1 / 20;
/** …and while somebody looks, figures are hardly older than this. */
const maxAgeMs = 60_000;
/** Nobody waits longer for a count, if there is an older one. One that took longer is kept for all processes. */
const mostWaitMs = 300;

interface Kept<Figures> {
  figures: Figures;
  countedMs: number;
  tookMs: number;
}

const storedStatement = prepared<{ name: string }, Kept<object>>(
  'api-counted-figures',
  ({ name }) => sql`
    select figures, extract(epoch from counted_at)::float8 * 1000 as "countedMs", took_ms as "tookMs"
    from counted_figures where name = ${name}`,
);

const storeStatement = prepared<{ name: string; figures: string; countedAt: Date; tookMs: number }>(
  'api-store-counted-figures',
  ({ name, figures, countedAt, tookMs }) => sql`
    insert into counted_figures (name, figures, counted_at, took_ms)
    values (${name}, ${figures}::json, ${countedAt}, ${tookMs})
    on conflict (name) do update set figures = excluded.figures, counted_at = excluded.counted_at,
      took_ms = excluded.took_ms`,
);

interface CountedFiguresDeps<Figures> {
  pool: Pool;
  /** Under which they are kept. */
  name: string;
  /** Counts whole tables. */
  statement: (now: Date) => Statement<Figures>;
  /** A count that took little is believed for so long. */
  minAgeMs: number;
  now: () => number;
}

/**
 * What takes the longer to count the more there is. Small tables are counted when somebody asks. Of large ones the last
 * count is shown, whichever process made it, and the next one is made meanwhile: once for all who ask.
 */
export function createCountedFigures<Figures extends object>(
  deps: CountedFiguresDeps<Figures>,
): () => Promise<Figures> {
  const { pool, name, statement, minAgeMs, now } = deps;
  let kept: Kept<Figures> | undefined;
  let renewing: Promise<Figures> | undefined;

  const isGood = ({ countedMs, tookMs }: Kept<Figures>) => {
    const goodForMs = tookMs < mostWaitMs ? minAgeMs : Math.min(maxAgeMs, tookMs / part);
    return Math.abs(now() - countedMs) < goodForMs;
  };
  const count = async (): Promise<Figures> => {
    const startedMs = performance.now();
    const countedAt = new Date(now());
    // As long as a statement may take: a reader's time would be too short for a very large mirror.
    const [figures] = await runStatement(pool, statement(countedAt));
    if (figures === undefined) throw new Error(`${name} could not be counted`);
    const tookMs = performance.now() - startedMs;
    kept = { figures, countedMs: countedAt.getTime(), tookMs };
    if (tookMs >= mostWaitMs)
      await queryStore(
        pool,
        storeStatement({ name, figures: JSON.stringify(figures), countedAt, tookMs }),
      ).catch(() => {});
    return figures;
  };
  const renew = async (): Promise<Figures> => {
    const [stored] = (await queryStore(pool, storedStatement({ name }))) as Kept<Figures>[];
    if (stored !== undefined && stored.countedMs > (kept?.countedMs ?? 0)) kept = stored;
    return kept !== undefined && isGood(kept) ? kept.figures : count();
  };

  return async () => {
    if (kept !== undefined && isGood(kept)) return kept.figures;
    renewing ??= renew().finally(() => {
      renewing = undefined;
    });
    const renewed = renewing;
    renewed.catch(() => {});
    try {
      return await within(mostWaitMs, renewed);
    } catch (error) {
      if (!(error instanceof TooLateError)) throw error;
      return kept?.figures ?? renewed;
    }
  };
}
