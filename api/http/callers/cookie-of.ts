/** The value of a cookie, as the browser shows it; `null` where there is none. */
export function cookieOf(request: Request, name: string): string | null {
  const cookies = request.headers.get('cookie') ?? '';
  // Anybody can send thousands: they are searched, and never taken apart.
  const [, value = ''] = new RegExp(`(?:^|; *)${name}=([^;]*)`).exec(cookies) ?? [];
  return value || null;
}
