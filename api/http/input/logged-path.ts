import { pathOf } from './path-of.ts';

/** Clients that build addresses by hand put a key behind a path, too. */
const keyInPath = /(api_key(?:=|%3D))[^/&]+/gi;

/** The path of a URL as it may stand in logs. */
export function loggedPath(url: string): string {
  const path = pathOf(url);
  return path.includes('api_key') ? path.replace(keyInPath, '$1[redacted]') : path;
}
