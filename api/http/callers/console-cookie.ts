/** The sign-in page: the only page of the console that is open to everybody. */
export const consoleSignInPath = '/admin/sign-in';

export const consoleCookieName = 'nexus_console';

/** The console's token, as the browser shows it; `null` where there is none. */
export function consoleCookie(request: Request): string | null {
  const cookies = request.headers.get('cookie')?.split(/; */) ?? [];
  const found = cookies.find((cookie) => cookie.startsWith(`${consoleCookieName}=`));
  return found?.slice(consoleCookieName.length + 1) || null;
}
