import { type Catalogue, pageOf } from './catalogue.ts';
import { refuse } from './errors.ts';

const CHANGES_A_PAGE = 100;
const MOST_DAYS = 14;
const LAST_PAGE = 500;
const DAY_MS = 86_400_000;
const day = /^\d{4}-\d\d-\d\d$/;

const dateOf = (ms: number) => new Date(ms).toISOString().slice(0, 10);

/** What changed, and when: each movie once, the latest first, so that pages shift while they are read. */
export function createChangeList(now: () => number) {
  const changedAt = new Map<number, number>();
  return {
    add(ids: readonly number[], atMs: number = now()) {
      for (const id of ids) {
        changedAt.delete(id);
        changedAt.set(id, atMs);
      }
    },
    clear: () => changedAt.clear(),
    /** Of these days, both of them included. */
    between: (from: string, to: string): number[] =>
      [...changedAt]
        .filter(([, atMs]) => dateOf(atMs) >= from && dateOf(atMs) <= to)
        .reverse()
        .map(([id]) => id),
  };
}

/** `/movie/changes`: of the last day, unless other days are asked for. Deleted movies stay listed. */
export function answerChanges(catalogue: Catalogue, query: URLSearchParams, nowMs: number): Response {
  const page = Number(query.get('page') ?? '1');
  if (!Number.isInteger(page) || page < 1 || page > LAST_PAGE) return refuse(22);
  const to = query.get('end_date') ?? dateOf(nowMs);
  const from = query.get('start_date') ?? dateOf(nowMs - DAY_MS);
  const [fromMs, toMs] = [Date.parse(from), Date.parse(to)];
  if (!day.test(from) || !day.test(to) || Number.isNaN(fromMs) || Number.isNaN(toMs)) return refuse(5);
  if (toMs < fromMs || toMs - fromMs > MOST_DAYS * DAY_MS) return refuse(20);
  const ids = catalogue.changedIds?.(from, to) ?? [];
  const shown = ids.slice((page - 1) * CHANGES_A_PAGE, page * CHANGES_A_PAGE);
  // What was deleted, and what the catalogue never had, is rated neither way.
  const rows = shown.map((id) => ({ id, adult: catalogue.details(id, [])?.adult ?? null }));
  return Response.json({ ...pageOf(rows, page, 0), ...totalsOf(ids.length) });
}

const totalsOf = (total: number) => ({
  total_pages: Math.max(1, Math.ceil(total / CHANGES_A_PAGE)),
  total_results: total,
});
