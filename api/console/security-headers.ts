type Headers = Record<string, string | number | undefined>;

/** Nothing from other hosts, nothing inline, and no frames. */
const contentSecurityPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/** What every page of the console is sent with. */
export const pageHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': contentSecurityPolicy,
  'referrer-policy': 'same-origin',
  'cache-control': 'private, no-store',
  vary: 'Cookie',
} as const;

export const setPageHeaders = (headers: Headers): void => void Object.assign(headers, pageHeaders);
