import { cookieOf } from './cookie-of.ts';

/** The sign-in page: the only page of the console that is open to everybody. */
export const consoleSignInPath = '/admin/sign-in';

/** A browser takes `__Host-` only with `Secure` and for the whole host: no other host can set or see such a cookie. */
export const consoleCookieName = (isSecure: boolean) => (isSecure ? '__Host-nexus_console' : 'nexus_console');

/** The console's token; `null` where there is none. Over HTTPS the name that others could set means nothing. */
export const consoleCookie = (request: Request, isSecure: boolean): string | null =>
  cookieOf(request, consoleCookieName(isSecure));

interface CookieOptions {
  value: string;
  maxAgeSeconds: number;
  isSecure: boolean;
}

export function consoleCookieHeader({ value, maxAgeSeconds, isSecure }: CookieOptions): string {
  const scope = isSecure ? 'Path=/; Secure' : 'Path=/admin';
  return `${consoleCookieName(isSecure)}=${value}; ${scope}; HttpOnly; SameSite=Strict; Max-Age=${maxAgeSeconds}`;
}
