/** Whether `If-None-Match` names this ETag: `*` or a list, compared weakly. */
export function matchesEtag(header: string, etag: string): boolean {
  if (header === etag || header.trim() === '*') return true;
  const wanted = opaque(etag);
  return (header.match(/(?:W\/)?"[^"]*"/g) ?? []).some((given) => opaque(given) === wanted);
}

const opaque = (etag: string) => etag.replace(/^W\//, '');
