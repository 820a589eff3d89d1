/** The path of a URL as it was sent: nothing decoded, so nothing to fail on. */
export function pathOf(url: string): string {
  // Of a request whose `Host` cannot be part of a URL, the runtime gives the path alone.
  const start = url.startsWith('/') ? 0 : url.indexOf('/', url.indexOf('//') + 2);
  if (start === -1) return '/';
  const query = url.indexOf('?', start);
  return query === -1 ? url.slice(start) : url.slice(start, query);
}
