import { sentFrom } from '../http/callers/admission.ts';
import type { ClientAddress } from '../http/callers/client-address.ts';
import { consoleCookie } from '../http/callers/console-cookie.ts';
import type { AnswerError } from '../http/failures/error-answerer.ts';
import { nexusErrorOf } from '../http/failures/nexus-error-of.ts';
import { loggedPath } from '../http/input/logged-path.ts';
import { recordedRefusals } from '../security-log/recorded-refusals.ts';
import type { SecurityLog } from '../security-log/security-log.ts';
import type { AccessTokens } from './access-tokens.ts';

interface WatchRefusalsDeps {
  answerError: AnswerError;
  security: Pick<SecurityLog, 'record'>;
  tokens: AccessTokens;
  consoleTokens: AccessTokens;
  addressOf: ClientAddress;
  isSecure: (request: Request) => boolean;
  now: () => number;
}

const detailOf = ({ method, url }: Request) => `${method} ${loggedPath(url)}`;

/** The same answers, with a line in the security log for whoever may not do something, does it too often, or
 * proves nothing by what they give. */
export function watchRefusals(deps: WatchRefusalsDeps): AnswerError {
  const { answerError, security, tokens, consoleTokens, addressOf, isSecure, now } = deps;

  const shownBy = (request: Request) => ({
    token: request.headers.get('authorization')?.replace(/^Bearer +/i, ''),
    cookie: consoleCookie(request, isSecure(request)) ?? undefined,
  });

  /** As the token itself says: no look-up in the store for something that is refused. */
  const userIdOf = async (request: Request): Promise<string | undefined> => {
    const { token, cookie } = shownBy(request);
    const claims = (token && (await tokens.read(token))) || (cookie && (await consoleTokens.read(cookie)));
    return claims ? claims.userId : undefined;
  };

  const recordOtherSite = (request: Request, address: string, userId?: string) =>
    security.record({ event: 'cross_site', outcome: 'refused', userId, address, detail: detailOf(request) });

  /** A token of ours whose time is over, or whose session has ended, is everyday life; any other was made up. */
  const watchToken = async (request: Request, address: string): Promise<void> => {
    const { token, cookie } = shownBy(request);
    // A browser keeps a `SameSite=Strict` cookie back from other sites: what they try comes without any proof.
    if (cookie === undefined && isOfConsole(request) && isFromAnotherSite(request))
      return recordOtherSite(request, address);
    const isOdd = [token, cookie].some((shown) => shown !== undefined && !hasRunOut(shown, now()));
    if (!isOdd || (await userIdOf(request)) !== undefined) return;
    security.record({ event: 'token_refused', outcome: 'refused', address, detail: detailOf(request) });
  };

  const watch = async (request: Request, address: string): Promise<void> => {
    const userId = await userIdOf(request);
    const hasCookie = request.headers.has('cookie');
    if (isFromAnotherSite(request) && (hasCookie || userId === undefined))
      return recordOtherSite(request, address, userId);
    // Somebody without any proof is told 401; what else they are refused has a line of its own.
    if (userId === undefined) return;
    security.record({ event: 'access', outcome: 'refused', userId, address, detail: detailOf(request) });
  };

  /** Each with a line, whoever it is. */
  const eventOf = { too_many_requests: 'throttle', invalid_credentials: 'password_proof' } as const;
  const watchOthers = async (code: keyof typeof eventOf, request: Request, address: string) => {
    const userId = await userIdOf(request);
    security.record({ event: eventOf[code], outcome: 'refused', userId, address, detail: detailOf(request) });
  };

  const answer = (failed: Parameters<AnswerError>[0]) => {
    const { code = 'UNKNOWN', error, request } = failed;
    const isRecorded = error instanceof Error && recordedRefusals.has(error);
    const refusal = code === 'NOT_FOUND' || isRecorded ? undefined : nexusErrorOf({ code, error }).code;
    if (refusal === 'unauthenticated') watchToken(request, addressOf(request)).catch(() => {});
    if (refusal === 'forbidden') watch(request, addressOf(request)).catch(() => {});
    if (refusal === 'too_many_requests' || refusal === 'invalid_credentials')
      watchOthers(refusal, request, addressOf(request)).catch(() => {});
    return answerError(failed);
  };
  return answer as AnswerError;
}

const isOfConsole = ({ url }: Request) => /^\/admin(?:\/|$)/.test(new URL(url).pathname);

/** Something that changes nothing is a link. */
const isFromAnotherSite = (request: Request) =>
  request.method !== 'GET' && request.method !== 'HEAD' && sentFrom(request) === 'another site';

/** As the token itself says, whoever has made it. */
function hasRunOut(token: string, nowMs: number): boolean {
  try {
    const { exp } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
    return typeof exp === 'number' && exp * 1000 <= nowMs;
  } catch {
    return false;
  }
}
