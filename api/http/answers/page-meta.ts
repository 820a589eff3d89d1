/** What is said of every list that has pages. */
export function pageMeta({ page, limit }: { page: number; limit: number }, total: number) {
  return { page, limit, total_results: total, total_pages: Math.ceil(total / limit) };
}
