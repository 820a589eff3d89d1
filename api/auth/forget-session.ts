import { type Ended, forgetAtBrowser } from '../http/answers/forget-at-browser.ts';
import { refreshCookieHeader } from './refresh-cookie.ts';

/**
 * The session of whoever asks is over: their browser keeps neither what it was shown nor the token of it. The cookie
 * of that token is sent to few paths, so an answer elsewhere cannot see it, and deletes it all the same.
 */
export function forgetSession({ request, set }: Ended, isSecure: (request: Request) => boolean): void {
  forgetAtBrowser(set.headers);
  set.headers['set-cookie'] = refreshCookieHeader(undefined, isSecure(request));
}
