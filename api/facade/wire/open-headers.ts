import { pathOf } from '../../http/input/path-of.ts';

/** Whether a request is for the TMDb-compatible routes, known or unknown. */
export function isFacadePath(url: string): boolean {
  const path = pathOf(url);
  const from = path.startsWith('//') ? 1 : 0;
  return path.startsWith('/3/', from) || path.slice(from) === '/3';
}

/** Pages of any origin may read, as at TMDb. No cookie and no session of ours has a part in it. */
export const openHeaders = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'ETag, Retry-After, X-Request-Id, X-Nexus-Age, X-Nexus-Coverage',
} as const;

/** What a preflight is answered with. */
export const preflightHeaders = {
  ...openHeaders,
  'access-control-allow-methods': 'GET, HEAD, OPTIONS',
  'access-control-allow-headers': 'Authorization, Content-Type, Accept, If-None-Match, X-Request-Id',
  'access-control-max-age': '600',
} as const;
