/** However long a query is, what it is kept under is short. */
export const shortKey = (query: string): string =>
  query.length <= 64 ? query : Bun.SHA256.hash(query, 'base64');
