/**
 * Whether a browser came by HTTPS, as our proxies say if there are any. Only ever makes a cookie stricter: whoever
 * forges it harms nobody else.
 */
export function cameByHttps(trustProxy: readonly string[]) {
  return (request: Request): boolean =>
    request.url.startsWith('https:') ||
    (trustProxy.length > 0 && request.headers.get('x-forwarded-proto')?.split(',')[0]?.trim() === 'https');
}
