import { NexusError } from '#shared/errors.ts';
import type { CallerThrottle } from '../throttles/caller-throttle.ts';
import { addressKey, placesOf, userKey } from '../throttles/throttle-key.ts';
import type { ClientAddress } from './client-address.ts';
import { consoleCookie } from './console-cookie.ts';
import type { Need } from './route-needs.ts';
import { sessionOver } from './session-over.ts';
import type { VerifyToken, Viewer } from './viewer.ts';

/** The one gate in front of the routes: who calls, whether they may, and whether they call too often. */
export interface Admission {
  /** Whose token it is, or that none was shown; `undefined` where that is not known at once. Counts nothing. */
  callerAtOnce(request: Request): Viewer | 'visitor' | undefined;
  /** Whether such a caller may continue. Never waits: `false` if the answer is not known at once. */
  admitsAtOnce(request: Request, viewer?: Viewer): boolean;
  /**
   * Checks a need. For a request, the gate remembers the caller and that it was counted, but no verdict.
   * @throws {NexusError} `unauthenticated`, `forbidden`, `too_many_requests`
   */
  admit(request: Request, need: Need): Promise<Viewer | undefined>;
  /** Who called is proved anew when it is needed next: what was true when the request began may be over. Counts nothing. */
  doubt(request: Request): void;
  /**
   * Counts what an admitted caller sends beside the request itself: whoever sends much is limited like one who asks often.
   * @throws {NexusError} `too_many_requests`
   */
  countBytes(request: Request, bytes: number): Promise<void>;
  /** Whether an admitted request would still be admitted: for long answers. Does not count as a request. */
  stillAdmits(request: Request): Promise<boolean>;
}

/** What callers prove who they are with. */
type Credential = 'access token' | 'console cookie';

const credentialOf = {
  nothing: undefined,
  optional: 'access token',
  user: 'access token',
  admin: 'access token',
  console: 'console cookie',
} as const satisfies Record<Need, Credential | undefined>;

interface Proof {
  isShown: boolean;
  /** `undefined` where nothing was shown, or what was shown proves nothing. */
  viewer: Viewer | undefined;
}
const noProof: Proof = { isShown: false, viewer: undefined };

/** What is known of who sent a request. */
interface Caller {
  proofs: { [Kind in Credential]?: Proof | Promise<Proof> };
  counted?: Promise<void> | undefined;
  /** As whom they are counted. */
  key?: string;
  /** What they have sent and has not been counted yet. */
  uncountedBytes: number;
  /** What the route asked of them. */
  needs: Set<Need>;
}
const newCaller = (): Caller => ({ proofs: {}, uncountedBytes: 0, needs: new Set() });

/** So much of a body counts as one more request. */
const bytesOfRequest = 64 * 1024;

interface AdmissionDeps {
  verify: VerifyToken;
  /** What `verify` would say, where it is known without waiting. */
  readySession?: (token: string) => Viewer | undefined;
  verifyConsole: VerifyToken;
  /** `undefined`: everybody may ask as often as they like. */
  throttle: CallerThrottle | undefined;
  addressOf: ClientAddress;
  /** Whether the browser came by HTTPS. */
  isSecure: (request: Request) => boolean;
}

export function createAdmission(deps: AdmissionDeps): Admission {
  const { verify, readySession, verifyConsole, throttle, addressOf, isSecure } = deps;
  const callers = new WeakMap<Request, Caller>();

  const callerOf = (request: Request): Caller => {
    const known = callers.get(request);
    if (known !== undefined) return known;
    const caller = newCaller();
    callers.set(request, caller);
    return caller;
  };

  const callerAtOnce = (request: Request): Viewer | 'visitor' | undefined => {
    const header = request.headers.get('authorization');
    if (header === null) return 'visitor';
    // Written otherwise, it is read with more care, and not at once.
    return header.startsWith('Bearer ') ? readySession?.(header.slice('Bearer '.length)) : undefined;
  };
  const proveNow = (request: Request, credential: Credential): Proof | undefined => {
    if (credential !== 'access token') return undefined;
    const caller = callerAtOnce(request);
    if (caller === 'visitor') return noProof;
    return caller && { isShown: true, viewer: caller };
  };
  const prove = async (request: Request, credential: Credential): Promise<Proof> => {
    const isCookie = credential === 'console cookie';
    const shown = isCookie ? consoleCookie(request, isSecure(request)) : request.headers.get('authorization');
    if (shown === null) return noProof;
    const viewer = await (isCookie ? verifyConsole(shown) : viewerOfHeader(shown, verify));
    return { isShown: true, viewer };
  };

  /** A caller with two credentials is identified by the one that the need asks for, once for each. */
  const proofOf = (request: Request, caller: Caller, need: Need): Proof | Promise<Proof> => {
    const credential = credentialOf[need];
    if (credential === undefined) return noProof;
    caller.proofs[credential] ??= proveNow(request, credential) ?? prove(request, credential);
    return caller.proofs[credential];
  };

  const count = async (request: Request, caller: Caller, { viewer }: Proof): Promise<void> => {
    const address = addressOf(request);
    caller.key = viewer ? userKey(viewer.userId) : addressKey(address);
    await throttle?.take(caller.key, address);
  };

  return {
    async stillAdmits(request) {
      const admitted = callers.get(request);
      if (admitted === undefined) return false;
      const anew = newCaller();
      for (const need of admitted.needs)
        if (refusalOf(request, need, await proofOf(request, anew, need)) !== undefined) return false;
      return true;
    },
    doubt(request) {
      const caller = callers.get(request);
      if (caller !== undefined) caller.proofs = {};
    },
    callerAtOnce,
    admitsAtOnce(request, viewer) {
      if (throttle === undefined) return true;
      const address = addressOf(request);
      const [visitor = ''] = placesOf(address);
      return throttle.takeNow(viewer ? userKey(viewer.userId) : visitor, address);
    },
    async countBytes(request, bytes) {
      const caller = callerOf(request);
      caller.uncountedBytes += bytes;
      while (caller.uncountedBytes >= bytesOfRequest) {
        caller.uncountedBytes -= bytesOfRequest;
        const address = addressOf(request);
        await throttle?.take(caller.key ?? addressKey(address), address);
      }
    },
    async admit(request, need) {
      const caller = callerOf(request);
      caller.needs.add(need);
      const proof = await proofOf(request, caller, need);
      // A signed-in user has a count of their own: others at the same address cannot use it up.
      caller.counted ??= count(request, caller, proof);
      await caller.counted;
      const refusal = refusalOf(request, need, proof);
      if (refusal !== undefined) throw refusal;
      return proof.viewer;
    },
  };
}

function refusalOf(request: Request, need: Need, { isShown, viewer }: Proof): NexusError | undefined {
  if (need === 'nothing' || (need === 'optional' && !isShown)) return undefined;
  if (viewer === undefined)
    return isShown ? sessionOver() : new NexusError('unauthenticated', 'Please sign in first.');
  if ((need === 'admin' || need === 'console') && viewer.role !== 'admin')
    return new NexusError('forbidden', 'Only an administrator may do this.');
  return need === 'console' ? refusalOfOtherSites(request) : undefined;
}

/** What the header proves; `undefined` for anything that is not the token of a live session. */
async function viewerOfHeader(header: string, verify: VerifyToken): Promise<Viewer | undefined> {
  const token = /^Bearer +([^\s,]+)$/i.exec(header)?.[1];
  return token === undefined ? undefined : verify(token);
}

/**
 * The cookie is `SameSite=Strict` already. A request that changes something must also show that one of our
 * pages sent it: by `Sec-Fetch-Site`, or by `Origin` in a browser that does not send that.
 */
function refusalOfOtherSites(request: Request): NexusError | undefined {
  const changesNothing = request.method === 'GET' || request.method === 'HEAD';
  if (changesNothing || sentFrom(request) === 'ours') return undefined;
  return new NexusError('forbidden', 'Only pages of the console may do this.');
}

/**
 * Every browser says on a POST where it comes from. `nobody says`: a program sent it, and no other site can
 * make a program send our cookie.
 */
export function sentFrom(request: Request): 'ours' | 'another site' | 'nobody says' {
  const { headers } = request;
  const site = headers.get('sec-fetch-site');
  const origin = headers.get('origin');
  if (site === null && origin === null) return 'nobody says';
  const isOurs = site === null ? isOwn(origin, request) : site === 'same-origin';
  return isOurs ? 'ours' : 'another site';
}

/** A page that came without HTTPS is not ours where we are reached by HTTPS: the network may have written it. */
function isOwn(origin: string | null, { headers, url }: Request): boolean {
  const from = URL.parse(origin ?? '');
  const isHttps =
    url.startsWith('https:') || headers.get('x-forwarded-proto')?.split(',')[0]?.trim() === 'https';
  const protocols = isHttps ? ['https:'] : ['https:', 'http:'];
  return from !== null && from.host === headers.get('host') && protocols.includes(from.protocol);
}
