import { NexusError } from '#shared/errors.ts';
import type { ClientAddress } from '../http/callers/client-address.ts';
import { clientOf } from './client-of.ts';
import { Refresh } from './model.ts';
import { isFromOwnPage, refreshCookie } from './refresh-cookie.ts';
import { type AuthService, refreshRefused, type TokenPair } from './service.ts';

export interface RefreshDeps {
  auth: AuthService;
  addressOf: ClientAddress;
  /** Whether a browser came by HTTPS. */
  isSecure: (request: Request) => boolean;
  corsOrigins: readonly string[];
}

/** With the token in the body, or without a body with the one in the cookie. */
export async function refreshTokens(
  { auth, addressOf, isSecure, corsOrigins }: RefreshDeps,
  request: Request,
  body: unknown,
): Promise<{ pair: TokenPair; isFromCookie: boolean }> {
  const given = refreshTokenOf(body);
  const token = given ?? refreshCookie(request, isSecure(request));
  if (token === undefined) throw refreshRefused();
  if (given === undefined && !isFromOwnPage(request, corsOrigins))
    throw new NexusError('forbidden', 'The cookie works only from pages of this service.');
  return {
    pair: await auth.refresh(token, clientOf(request, addressOf)),
    isFromCookie: given === undefined,
  };
}

/** @throws {NexusError} `invalid_input` */
function refreshTokenOf(body: unknown): string | undefined {
  const parsed = Refresh.safeParse(body === undefined ? {} : body);
  if (parsed.success) return parsed.data.refresh_token;
  const details = parsed.error.issues.map(({ path, message }) => ({
    path: path.join('.') || 'body',
    message,
  }));
  throw new NexusError('invalid_input', 'Some of the input is not valid.', { details });
}
