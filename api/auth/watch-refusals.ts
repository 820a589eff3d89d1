import { sentFrom } from '../http/callers/admission.ts';
import type { ClientAddress } from '../http/callers/client-address.ts';
import { consoleCookie } from '../http/callers/console-cookie.ts';
import type { AnswerError } from '../http/failures/error-answerer.ts';
import { nexusErrorOf } from '../http/failures/nexus-error-of.ts';
import { pathOf } from '../http/input/path-of.ts';
import type { SecurityLog } from '../security-log/security-log.ts';
import type { AccessTokens } from './access-tokens.ts';

interface WatchRefusalsDeps {
  answerError: AnswerError;
  security: Pick<SecurityLog, 'record'>;
  tokens: AccessTokens;
  consoleTokens: AccessTokens;
  addressOf: ClientAddress;
  isSecure: (request: Request) => boolean;
}

/** The same answers, with a line in the security log for whoever is not allowed to do something. */
export function watchRefusals(deps: WatchRefusalsDeps): AnswerError {
  const { answerError, security, tokens, consoleTokens, addressOf, isSecure } = deps;

  /** As the token itself says: no look-up in the store for something that is refused. */
  const userIdOf = async (request: Request): Promise<string | undefined> => {
    const token = request.headers.get('authorization')?.replace(/^Bearer +/i, '');
    const cookie = consoleCookie(request, isSecure(request));
    const claims =
      (token && (await tokens.read(token))) || (cookie !== null && (await consoleTokens.read(cookie)));
    return claims ? claims.userId : undefined;
  };

  const watch = async (request: Request, address: string): Promise<void> => {
    const userId = await userIdOf(request);
    const changes = request.method !== 'GET' && request.method !== 'HEAD';
    // Without a cookie another site can do no more than anybody can.
    const isForged = changes && request.headers.has('cookie') && sentFrom(request) === 'another site';
    // Somebody without any proof is told 401; what else they are refused has a line of its own.
    if (!isForged && userId === undefined) return;
    const detail = `${request.method} ${pathOf(request.url)}`;
    security.record({
      event: isForged ? 'cross_site' : 'access',
      outcome: 'refused',
      userId,
      address,
      detail,
    });
  };

  const answer = (failed: Parameters<AnswerError>[0]) => {
    const { code = 'UNKNOWN', error, request } = failed;
    if (code !== 'NOT_FOUND' && nexusErrorOf({ code, error }).code === 'forbidden')
      watch(request, addressOf(request)).catch(() => {});
    return answerError(failed);
  };
  return answer as AnswerError;
}
