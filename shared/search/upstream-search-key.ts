/** What TMDb is asked for. */
export interface UpstreamSearchOf {
  /** Text and year of a search; or else the filters of a discovery, as TMDb names them. */
  query?: string | undefined;
  year?: number | undefined;
  filters?: Readonly<Record<string, string>> | undefined;
}

/** The same for what means the same. It does not tell what was asked. */
export function upstreamSearchKey({ query, year, filters = {} }: UpstreamSearchOf): string {
  const folded = query?.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim();
  const asked = [folded ?? null, year ?? null, Object.entries(filters).sort()];
  return new Bun.CryptoHasher('sha256').update(JSON.stringify(asked)).digest('hex').slice(0, 32);
}

/** TMDb is not asked the same again for this long, whatever it answered. */
export const askedAgainAfterMs = 7 * 86_400_000;
/** In any 24 hours. */
export const searchesPerDay = 2000;
