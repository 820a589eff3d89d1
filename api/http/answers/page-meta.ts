import type { CursorPageMeta, PageMeta } from './model.ts';

/** What is said of every list that has pages. */
export function pageMeta({ page, limit }: { page: number; limit: number }, total: number): PageMeta {
  return { page, limit, total_results: total, total_pages: Math.ceil(total / limit) };
}

/** The same for a list that goes on from `next`: by how many rows are before it, the page has a number as well. */
export function cursorPageMeta(
  { before, limit }: { before: number; limit: number },
  { total, next }: { total: number; next: string | undefined },
): CursorPageMeta {
  const meta = pageMeta({ page: Math.floor(before / limit) + 1, limit }, total);
  return next === undefined ? meta : { ...meta, next };
}
