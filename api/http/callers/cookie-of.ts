/** The value of a cookie, as the browser shows it; `null` where there is none. */
export function cookieOf(request: Request, name: string): string | null {
  const cookies = request.headers.get('cookie')?.split(/; */) ?? [];
  const found = cookies.find((cookie) => cookie.startsWith(`${name}=`));
  return found?.slice(name.length + 1) || null;
}
