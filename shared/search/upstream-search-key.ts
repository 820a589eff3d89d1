/** What else than movies is looked for by its name, and what by an id of IMDb's. */
export const upstreamSearchKinds = ['person', 'collection', 'company', 'keyword', 'imdb_id'] as const;
export type UpstreamSearchKind = (typeof upstreamSearchKinds)[number];

/** What TMDb is asked for. */
export interface UpstreamSearchOf {
  /** `undefined`: movies. */
  kind?: UpstreamSearchKind | undefined;
  /** Text and year of a search; or else TMDb's parameters of a discovery, as a query string in one order. */
  query?: string | undefined;
  year?: number | undefined;
  filters?: string | undefined;
}

/** The same for what means the same. It does not tell what was asked. */
export function upstreamSearchKey({ kind, query, year, filters }: UpstreamSearchOf): string {
  const folded = query?.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim();
  const asked = [folded ?? null, year ?? null, filters ?? null, ...(kind === undefined ? [] : [kind])];
  return Bun.randomUUIDv5(JSON.stringify(asked), 'url');
}

/** TMDb is not asked the same again for this long, whatever it answered. */
export const askedAgainAfterMs = 7 * 86_400_000;
/** In any 24 hours. */
export const searchesPerDay = 2000;
