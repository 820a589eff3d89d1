type Headers = Record<string, string | number | undefined>;

/** Nothing from other hosts, nothing inline, and no frames. */
const strictPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/** What every HTML page of ours is sent with. @param policy its content security policy, where it needs another one */
export const headersOfPage = (policy = strictPolicy) => ({
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': policy,
  'referrer-policy': 'same-origin',
});

/** What every page of the console is sent with: it is one administrator's alone. */
export const pageHeaders = {
  ...headersOfPage(),
  'cache-control': 'private, no-store',
  vary: 'Cookie',
} as const;

export const setPageHeaders = (headers: Headers): void => void Object.assign(headers, pageHeaders);
