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

interface ChangedRow {
  id: number;
  adult: boolean | null;
}

/** `/movie/changes`: of the last day, unless other days are asked for. Deleted movies stay listed. */
export const answerChanges = (catalogue: Catalogue, query: URLSearchParams, nowMs: number): Response =>
  // What was deleted, and what the catalogue never had, is rated neither way.
  answerFor(query, nowMs, (from, to) =>
    (catalogue.changedIds?.(from, to) ?? []).map((id) => ({
      id,
      adult: catalogue.details(id, [])?.adult ?? null,
    })),
  );

/** `/person/changes`: whoever is credited in a movie that changed. */
export const answerPeopleChanges = (catalogue: Catalogue, query: URLSearchParams, nowMs: number): Response =>
  answerFor(query, nowMs, (from, to) => {
    const ids = (catalogue.changedIds?.(from, to) ?? []).flatMap((movieId) => {
      const { cast = [], crew = [] } = catalogue.details(movieId, ['credits'])?.credits ?? {};
      return [...cast, ...crew].map(({ id }) => id);
    });
    return [...new Set(ids)].map((id) => ({ id, adult: false }));
  });

function answerFor(
  query: URLSearchParams,
  nowMs: number,
  rowsOf: (from: string, to: string) => ChangedRow[],
): Response {
  const page = Number(query.get('page') ?? '1');
  if (!Number.isInteger(page) || page < 1 || page > LAST_PAGE) return refuse(22);
  const to = query.get('end_date') ?? dateOf(nowMs);
  const from = query.get('start_date') ?? dateOf(nowMs - DAY_MS);
  const [fromMs, toMs] = [Date.parse(from), Date.parse(to)];
  if (!day.test(from) || !day.test(to) || Number.isNaN(fromMs) || Number.isNaN(toMs)) return refuse(5);
  if (toMs < fromMs || toMs - fromMs > MOST_DAYS * DAY_MS) return refuse(20);
  const all = rowsOf(from, to);
  const rows = all.slice((page - 1) * CHANGES_A_PAGE, page * CHANGES_A_PAGE);
  return Response.json({ ...pageOf(rows, page, 0), ...totalsOf(all.length) });
}

const totalsOf = (total: number) => ({
  total_pages: Math.max(1, Math.ceil(total / CHANGES_A_PAGE)),
  total_results: total,
});
