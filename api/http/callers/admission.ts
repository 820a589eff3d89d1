import { NexusError } from '#shared/errors.ts';
import type { RequestThrottle } from '../throttles/request-throttle.ts';
import { addressKey, userKey } from '../throttles/throttle-key.ts';
import type { ClientAddress } from './client-address.ts';
import { consoleCookie, consoleSignInPath } from './console-cookie.ts';
import { sessionOver } from './session-over.ts';
import type { VerifyToken, Viewer } from './viewer.ts';

/**
 * What a route asks of its callers. `nothing`: a token is not even looked at. `console`: an administrator whose
 * browser has signed in to the console, and is sent here by a page of ours.
 */
export type Need = 'nothing' | 'optional' | 'user' | 'admin' | 'console';

/** The one gate in front of the routes: who asks, whether they may, and whether they ask too often. */
export interface Admission {
  /** Whether an anonymous caller may go on: without a wait, and `false` where that cannot be said at once. */
  admitsAtOnce(request: Request): boolean;
  /**
   * Asked again for the same request, it answers the same.
   * @throws {NexusError} `unauthenticated`, `forbidden`, `too_many_requests`
   */
  admit(request: Request, need: Need): Promise<Viewer | undefined>;
  /** Whether somebody who was admitted would be again: for answers that take long. Counts as no request. */
  stillAdmits(request: Request, need: 'user' | 'admin' | 'console'): Promise<boolean>;
}

interface AdmissionDeps {
  verify: VerifyToken;
  verifyConsole: VerifyToken;
  /** `undefined`: everybody may ask as often as they like. */
  throttle: RequestThrottle | undefined;
  addressOf: ClientAddress;
}

export function createAdmission({ verify, verifyConsole, throttle, addressOf }: AdmissionDeps): Admission {
  const admitted = new WeakMap<Request, Promise<Viewer | undefined>>();

  const viewerOf = async (shown: string | null, need: Need): Promise<Viewer | undefined> => {
    if (need === 'nothing' || shown === null) return undefined;
    return need === 'console' ? verifyConsole(shown) : viewerOfHeader(shown, verify);
  };

  const identify = async (request: Request, need: Need): Promise<Viewer | undefined> => {
    const shown = shownBy(request, need);
    const viewer = await viewerOf(shown, need);
    // A token's owner is counted apart: nobody else at the same address can use up what is theirs.
    await throttle?.take(viewer ? userKey(viewer.userId) : addressKey(addressOf(request)));
    if (need === 'nothing' || (need === 'optional' && shown === null)) return undefined;
    if (viewer === undefined)
      throw shown === null ? new NexusError('unauthenticated', 'Please sign in first.') : sessionOver();
    if ((need === 'admin' || need === 'console') && viewer.role !== 'admin')
      throw new NexusError('forbidden', 'Only an administrator may do this.');
    if (need === 'console') refuseOtherSites(request);
    return viewer;
  };

  return {
    async stillAdmits(request, need) {
      const viewer = await viewerOf(shownBy(request, need), need);
      return viewer !== undefined && (need === 'user' || viewer.role === 'admin');
    },
    admitsAtOnce: (request) =>
      request.headers.get('authorization') === null &&
      (throttle === undefined || throttle.takeNow(addressKey(addressOf(request)))),
    admit(request, need) {
      const earlier = admitted.get(request);
      if (earlier !== undefined) return earlier;
      const now = identify(request, need);
      admitted.set(request, now);
      return now;
    },
  };
}

const shownBy = (request: Request, need: Need): string | null =>
  need === 'console' ? consoleCookie(request) : request.headers.get('authorization');

/** What the header proves; `undefined` for anything that is not the token of a live session. */
async function viewerOfHeader(header: string, verify: VerifyToken): Promise<Viewer | undefined> {
  const token = /^Bearer +([^\s,]+)$/i.exec(header)?.[1];
  return token === undefined ? undefined : verify(token);
}

/**
 * The cookie is `SameSite=Strict` already. What changes something must, besides, say itself that a page of ours sent
 * it; a browser that cannot say so names the page's origin.
 */
export function refuseOtherSites(request: Request): void {
  if (request.method === 'GET' || request.method === 'HEAD') return;
  if (sentFrom(request) !== 'ours')
    throw new NexusError('forbidden', 'Only pages of the console may do this.');
}

/** Every browser says on a POST where it comes from; `nobody says`: a program, which no other site can make send a cookie. */
export function sentFrom({ headers }: Request): 'ours' | 'another site' | 'nobody says' {
  const site = headers.get('sec-fetch-site');
  const origin = headers.get('origin');
  if (site === null && origin === null) return 'nobody says';
  const isOurs = site === null ? isOwn(origin, headers.get('host')) : site === 'same-origin';
  return isOurs ? 'ours' : 'another site';
}

const isOwn = (origin: string | null, host: string | null): boolean =>
  origin !== null && host !== null && URL.parse(origin)?.host === host;

/**
 * What the routes of a path need at least, for those that have a body: who may not be here is told so before their
 * body is read.
 */
export function needOf(route: string): Need {
  if (route === consoleSignInPath) return 'nothing';
  if (route === '/admin' || route.startsWith('/admin/')) return 'console';
  if (route === '/api/admin' || route.startsWith('/api/admin/')) return 'admin';
  if (route.startsWith('/api/user/') || route === '/api/auth/logout') return 'user';
  return route.startsWith('/api/auth/') ? 'nothing' : 'optional';
}
