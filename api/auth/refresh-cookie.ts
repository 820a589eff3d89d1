import { sentFrom } from '../http/callers/admission.ts';
import { cookieOf } from '../http/callers/cookie-of.ts';
import { idleSeconds } from './session-statements.ts';

/** A browser takes a name with this prefix only together with `Secure`. */
const nameOf = (isSecure: boolean) => (isSecure ? '__Secure-nexus_refresh' : 'nexus_refresh');

/** The refresh token that a browser keeps for its page; `undefined` where there is none. */
export const refreshCookie = (request: Request, isSecure: boolean): string | undefined =>
  cookieOf(request, nameOf(isSecure)) ?? undefined;

/** @param token `undefined`: the browser forgets what it has */
export const refreshCookieHeader = (token: string | undefined, isSecure: boolean): string =>
  `${nameOf(isSecure)}=${token ?? ''}; Path=/api/auth; HttpOnly; SameSite=Strict; Max-Age=${token === undefined ? 0 : idleSeconds}${isSecure ? '; Secure' : ''}`;

/** Whether a page of ours sent it, or one of an origin that the operator named. What does not say counts as neither. */
export function isFromOwnPage(request: Request, corsOrigins: readonly string[]): boolean {
  const origin = request.headers.get('origin');
  return sentFrom(request) === 'ours' || (origin !== null && corsOrigins.includes(origin));
}
