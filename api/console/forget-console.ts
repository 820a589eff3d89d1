import { type Ended, forgetAtBrowser } from '../http/answers/forget-at-browser.ts';
import { consoleCookieHeader } from '../http/callers/console-cookie.ts';

/** The console's session of whoever asks is over: their browser keeps neither what it was shown nor the cookie. */
export function forgetConsole({ request, set }: Ended, isSecure: (request: Request) => boolean): void {
  forgetAtBrowser(set.headers);
  set.headers['set-cookie'] = consoleCookieHeader({
    value: '',
    maxAgeSeconds: 0,
    isSecure: isSecure(request),
  });
}
