import { LRUCache } from 'lru-cache';
import type { HadAgain, OthersOf } from '../answers/had-again.ts';
import type { ReadyBytes } from '../answers/ready-body.ts';
import type { Admission } from '../callers/admission.ts';
import type { Viewer } from '../callers/viewer.ts';
import type { IdentifyRequest } from '../plugins/request-id.ts';
import { noteStart } from '../plugins/request-log.ts';
import { formFor, isLong, type LaneHeaders, responseOf } from './answer-forms.ts';

/** How requests are answered that differ in nothing but the id at the end of their URL. */
interface Family {
  others: OthersOf;
  route: string;
  /** By whether the body is long enough to be packed. */
  headers: Record<'long' | 'short', LaneHeaders>;
}

export interface Asking {
  request: Request;
  viewer: Viewer | undefined;
  /** False: a token was shown, and it is not known at once whose it is. */
  isKnown: boolean;
  /** What stands behind the URL in the keys of such answers. */
  kind: string;
  startedMs: number;
}

/** A route's own way to answer. */
export type Slowly = (request: Request) => unknown;

/** An answer that was found to be ready, and how it was made. */
export interface FoundReady extends Pick<HadAgain, 'again'> {
  route: string;
  headers: LaneHeaders;
  body: ReadyBytes;
}

/** An answer that was made for one request. */
export interface Sent {
  route: string;
  requestId: string;
  body: ReadyBytes;
  response: Response;
}

interface FamiliesDeps {
  admission: Pick<Admission, 'admitsAtOnce'>;
  identify: IdentifyRequest;
  send: (asking: Asking, sent: Sent) => Response;
  /** Told of an answer that nobody had to wait for. */
  onReady: (asking: Asking, found: FoundReady | undefined) => void;
  onRead: () => void;
}

export interface Families {
  /** `undefined` for what is left to the route. */
  answer(asking: Asking, slowly: Slowly): unknown;
  /** @param kind as `Asking` has it */
  learn(request: Request, kind: string, learned: Learned): void;
}

interface Learned extends Omit<Family, 'headers'> {
  headers: LaneHeaders;
}

const mostFamilies = 1000;
const longestKey = 1000;

/** Answers for ids that nobody has asked for, by what the answer for another id has taught. */
export function createFamilies({ admission, identify, send, onReady, onRead }: FamiliesDeps): Families {
  const families = new LRUCache<string, Family>({ max: mostFamilies });

  const sendAs = (asking: Asking, { route, headers, body }: Omit<FoundReady, 'again'>) => {
    const requestId = identify(asking.request);
    const made = responseOf({ body, headers }, formFor(asking.request, body), requestId);
    const sent = (response: Response) => send(asking, { route, requestId, body, response });
    return made instanceof Promise ? made.then(sent) : sent(made);
  };
  const asFound = ({ route, headers }: Family, body: ReadyBytes) => {
    return { route, headers: headers[isLong(body.bytes.length) ? 'long' : 'short'], body };
  };

  return {
    answer(asking, slowly) {
      const { request, viewer, isKnown, kind, startedMs } = asking;
      const { url } = request;
      const end = endOfPlace(url);
      const family = families.get(url.slice(0, end) + kind);
      if (family === undefined) return undefined;
      const admits = () => isKnown && admission.admitsAtOnce(request, viewer);
      const found = family.others.answer({ text: url.slice(end), request, viewer, admits });
      if (found === undefined) return undefined;
      if (!(found instanceof Promise)) {
        const { again } = found;
        const ready = asFound(family, found);
        onReady(asking, again && { ...ready, again });
        return sendAs(asking, ready);
      }
      return found.then((body) => {
        if (body === undefined) {
          noteStart(request, startedMs);
          return slowly(request);
        }
        onRead();
        return sendAs(asking, asFound(family, body));
      });
    },
    learn({ url }, kind, { others, route, headers }) {
      if (url.includes('?')) return;
      const key = url.slice(0, endOfPlace(url)) + kind;
      if (key.length <= longestKey) families.set(key, { others, route, headers: byLength(headers) });
    },
  };
}

const endOfPlace = (url: string) => url.lastIndexOf('/') + 1;

const packedVary = ', Accept-Encoding';

/** As `sendReady` says it, last of all: a body that may be packed depends on how it was asked for. */
function byLength(headers: LaneHeaders): Family['headers'] {
  const { vary = '' } = headers;
  const short = { ...headers, vary: vary.endsWith(packedVary) ? vary.slice(0, -packedVary.length) : vary };
  return { short, long: { ...short, vary: `${short.vary}${packedVary}` } };
}
