import type { PageMeta } from './model.ts';

/** What is said of every list that has pages. */
export function pageMeta({ page, limit }: { page: number; limit: number }, total: number): PageMeta {
  return { page, limit, total_results: total, total_pages: Math.ceil(total / limit) };
}
