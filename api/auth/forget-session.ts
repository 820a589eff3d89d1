import { forgetAtBrowser } from '../http/answers/forget-at-browser.ts';
import { refreshCookie, refreshCookieHeader } from './refresh-cookie.ts';

interface Ended {
  request: Request;
  set: { headers: Record<string, string | number | undefined> };
}

/** The session of whoever asks is over: their browser keeps neither what it was shown nor the token of it. */
export function forgetSession({ request, set }: Ended, isSecure: (request: Request) => boolean): void {
  forgetAtBrowser(set.headers);
  const secure = isSecure(request);
  if (refreshCookie(request, secure) !== undefined)
    set.headers['set-cookie'] = refreshCookieHeader(undefined, secure);
}
