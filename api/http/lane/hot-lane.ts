import { Elysia } from 'elysia';
import { LRUCache } from 'lru-cache';
import type { Registry } from 'prom-client';
import { type HadAgain, hadAgain, type OthersOf } from '../answers/had-again.ts';
import { leastPackedBytes, type Packing, packed, packingFor } from '../answers/packed.ts';
import type { ReadyBytes } from '../answers/ready-body.ts';
import { matchesEtag } from '../answers/send-ready.ts';
import type { Admission } from '../callers/admission.ts';
import type { Viewer } from '../callers/viewer.ts';
import { sampledMetric } from '../metrics/sampled-metric.ts';
import type { IdentifyRequest } from '../plugins/request-id.ts';
import { type AnsweredSlowly, labelOf, type NoteAnswer, noteStart } from '../plugins/request-log.ts';

/**
 * Answers what is ready before the framework begins its work on a request. It knows no route: it learns from the
 * answers of the routes how a request is answered, and asks only for the body anew: for the one who calls now. What it
 * has not learned, and whatever would have to wait or to fail, it leaves to them. Of a route that says so it learns for
 * all ids: what is then read from the database has no need of the framework either.
 */
export interface HotLane {
  plugin: Elysia;
  /** Learns from an answer of a route, if the next who ask the same would get the same. */
  learn(answered: AnsweredSlowly): void;
}

interface HotLaneDeps {
  registry: Registry;
  admission: Pick<Admission, 'admitsAtOnce' | 'viewerAtOnce'>;
  identify: IdentifyRequest;
  note: NoteAnswer;
  /** What pictures an answer shows depends on more than its URL: another text where they are elsewhere. */
  placeOf: (request: Request) => string;
  /** Who is signed in gets what others of their kind get, but for what is theirs. */
  kindOf: (viewer: Viewer) => string;
  /** Room for what it has learned. */
  maxBytes?: number;
}

/** Bytes in a packing or as they are, or no bytes for whoever has them already. */
type Form = Packing | 'plain' | 'unchanged';

/** How requests with the same URL and the same headers that matter are answered. */
interface Plan extends Pick<HadAgain, 'again' | 'admits'> {
  route: string;
  label: string;
  /** Those that are the same in each form, for each caller. */
  headers: Readonly<Record<string, string>>;
  /** The length of the body that it was made for. */
  room: number;
  /** The last one. */
  body: ReadyBytes;
  /** Of the body: each answer is a copy, which shares the bytes. */
  forms: Partial<Record<Form, Response>>;
}

/** How requests are answered that differ in nothing but the id at the end of their URL. */
interface Family {
  others: OthersOf;
  route: string;
  /** The same in each answer, by whether its body is long enough to be packed. */
  headers: Readonly<Record<'long' | 'short', Readonly<Record<string, string>>>>;
}

type Slowly = (request: Request) => unknown;

interface Asking {
  request: Request;
  viewer: Viewer | undefined;
  startedMs: number;
}

const mostFamilies = 1000;
const defaultMaxBytes = 32 * 1024 * 1024;
const longestKey = 1000;
/** Those that one answer has and the next of its kind does not. */
const ofOneAnswer = new Set([
  'x-request-id',
  'etag',
  'content-type',
  'content-encoding',
  'x-nexus-age',
  'x-nexus-coverage',
]);

export function createHotLane({
  admission,
  identify,
  kindOf,
  note,
  placeOf,
  registry,
  maxBytes = defaultMaxBytes,
}: HotLaneDeps): HotLane {
  let answers = 0;
  let reads = 0;
  registry.registerMetric(
    sampledMetric({
      name: 'nexus_http_ready_answers_total',
      help: 'Requests that were answered before any route was asked, because the answer was ready.',
      type: 'counter',
      read: async () => [{ labels: {}, value: answers }],
    }),
  );
  registry.registerMetric(
    sampledMetric({
      name: 'nexus_http_early_reads_total',
      help: 'Requests that were answered before any route was asked, by a look into the database.',
      type: 'counter',
      read: async () => [{ labels: {}, value: reads }],
    }),
  );
  const plans = new LRUCache<string, Plan>({ maxSize: maxBytes, sizeCalculation: sizeOf });

  const families = new LRUCache<string, Family>({ max: mostFamilies });

  const keyOf = (request: Request, viewer: Viewer | undefined, url = request.url) =>
    keyAt(request.headers, url, placeOf(request), viewer && kindOf(viewer));

  const sendOther = ({ request, startedMs }: Asking, route: string, body: ReadyBytes, response: Response) => {
    const requestId = identify(request);
    finish(response, requestId, body);
    note({ request, requestId, route, status: response.status, ms: performance.now() - startedMs });
    return response;
  };
  const answerOther = (asking: Asking, { route, headers }: Family, body: ReadyBytes) => {
    const form = formFor(asking.request, body);
    const made = { body, headers: headers[isLong(body.bytes.length) ? 'long' : 'short'] };
    const response = responseOf(made, form);
    if (response !== undefined) return sendOther(asking, route, body, response);
    return Promise.resolve(packed(body.bytes, form as Packing)).then((small) =>
      sendOther(asking, route, body, packedResponse(made, form as Packing, small)),
    );
  };
  /** What a family of requests knows how to answer, though nobody has asked for this id. */
  const answerByFamily = (asking: Asking, slowly: Slowly): unknown => {
    const { request, viewer, startedMs } = asking;
    const { url } = request;
    const end = url.lastIndexOf('/') + 1;
    const family = families.get(keyOf(request, viewer, url.slice(0, end)));
    if (family === undefined) return undefined;
    const admits = () => admission.admitsAtOnce(request, viewer);
    const found = family.others.answer({ text: url.slice(end), request, viewer, admits });
    if (found === undefined) return undefined;
    if (found instanceof Promise)
      return found.then((body) => {
        if (body === undefined) {
          noteStart(request, startedMs);
          return slowly(request);
        }
        reads++;
        return answerOther(asking, family, body);
      });
    answers++;
    const { again } = found;
    const { route, headers } = family;
    const known = { route, headers: headers[isLong(found.bytes.length) ? 'long' : 'short'], body: found };
    if (again !== undefined) keep(keyOf(request, viewer), { request, again, ...known });
    return answerOther(asking, family, found);
  };

  const keep = (key: string, { request, ...plan }: Learned) => {
    if (key.length > longestKey) return;
    const room = plan.body.bytes.length;
    plans.set(key, { ...plan, label: labelOf(request, plan.route), room, forms: {} });
  };

  const answer = (request: Request, slowly: Slowly): unknown => {
    if (request.method !== 'GET') return undefined;
    const startedMs = performance.now();
    const viewer = admission.viewerAtOnce(request);
    const plan = plans.get(keyOf(request, viewer));
    if (plan === undefined) return answerByFamily({ request, viewer, startedMs }, slowly);
    const { admits = (asking: Request) => admission.admitsAtOnce(asking, viewer) } = plan;
    const body = plan.again(viewer);
    if (body === undefined) return answerByFamily({ request, viewer, startedMs }, slowly);
    if (!isAsLearned(plan, body)) return undefined;
    const ready = inForm(plan, body, formFor(request, body));
    if (ready === undefined || !admits(request)) return undefined;
    const requestId = identify(request);
    const response = ready.clone() as Response;
    finish(response, requestId, body);
    const { route, label } = plan;
    answers++;
    note({ request, requestId, route, label, status: response.status, ms: performance.now() - startedMs });
    return response;
  };

  return {
    plugin: new Elysia({ name: 'hot-lane' }).wrap((slowly: Slowly) => {
      return ((request: Request) => answer(request, slowly) ?? slowly(request)) as typeof slowly;
    }),
    learn({ request, route, status, headers }) {
      const had = hadAgain(request);
      if (had === undefined || request.method !== 'GET' || (status !== 200 && status !== 304)) return;
      const { again, viewer, admits, others } = had;
      // Cookies are for one caller.
      if (headers['set-cookie'] !== undefined) return;
      const lasting = Object.entries(headers).filter(([name]) => !ofOneAnswer.has(name));
      const texts = Object.fromEntries(lasting.map(([name, value]) => [name, String(value)]));
      if (others !== undefined && !request.url.includes('?')) {
        const key = keyOf(request, viewer, request.url.slice(0, request.url.lastIndexOf('/') + 1));
        if (key.length <= longestKey) families.set(key, { others, route, headers: byLength(texts) });
      }
      const body = again(viewer);
      // Another body by now, perhaps with other headers.
      if (body === undefined || body.etag !== headers.etag) return;
      keep(keyOf(request, viewer), { request, again, admits, route, headers: texts, body });
    },
  };
}

type Learned = Pick<Plan, 'again' | 'admits' | 'route' | 'headers' | 'body'> & { request: Request };

const packedVary = ', Accept-Encoding';

/** As `sendReady` says it, last of all: a body that may be packed depends on how it was asked for. */
function byLength(headers: Readonly<Record<string, string>>): Family['headers'] {
  const { vary = '' } = headers;
  const short = { ...headers, vary: vary.endsWith(packedVary) ? vary.slice(0, -packedVary.length) : vary };
  return { short, long: { ...short, vary: `${short.vary}${packedVary}` } };
}

/** What one answer has and the next does not. */
function finish({ headers }: Response, requestId: string, body: ReadyBytes): void {
  headers.set('x-request-id', requestId);
  const own = body.ownHeaders?.();
  for (const name in own) headers.set(name, own[name] ?? '');
}

/**
 * What an answer depends on, but for what is the caller's own. How it is packed and whether it is known already are
 * found out each time.
 * @param kind `undefined` for a visitor
 */
function keyAt(headers: Headers, url: string, place: string, kind: string | undefined): string {
  const language = headers.get('accept-language');
  const origin = headers.get('origin');
  // No header holds a line break.
  if (language === null && origin === null && place === '')
    return kind === undefined ? url : `${url}\n${kind}`;
  return `${url}\n${language ?? '\n'}\n${origin ?? '\n'}\n${place}\n${kind ?? '\n'}`;
}

const sizeOf = ({ room, label }: Plan, key: string) =>
  Math.ceil(2 * room) + 2 * key.length + label.length + 1500;

/** Whether the plan was made, and its room measured, for such a body. */
function isAsLearned({ room, body: last }: Plan, body: ReadyBytes): boolean {
  const now = body.bytes.length;
  return body === last || (isLong(room) === isLong(now) && now <= 1.2 * room);
}

const isLong = (length: number) => length >= leastPackedBytes;

function formFor(request: Request, body: ReadyBytes): Form {
  const known = request.headers.get('if-none-match');
  if (known !== null && matchesEtag(known, body.etag)) return 'unchanged';
  return (isLong(body.bytes.length) ? packingFor(request) : undefined) ?? 'plain';
}

/** `undefined` while it is being packed. */
function inForm(plan: Plan, body: ReadyBytes, form: Form): Response | undefined {
  if (plan.body !== body) {
    plan.body = body;
    plan.forms = {};
  }
  const known = plan.forms[form];
  if (known !== undefined) return known;
  const made = responseOf(plan, form);
  if (made !== undefined) plan.forms[form] = made;
  return made;
}

type Made = Pick<Plan, 'body' | 'headers'>;

const typed = ({ body: { etag, contentType = 'application/json' }, headers }: Made) => {
  return { ...headers, etag, 'content-type': contentType };
};

function responseOf(made: Made, form: Form): Response | undefined {
  const { body, headers } = made;
  if (form === 'unchanged')
    return new Response(null, { status: 304, headers: { ...headers, etag: body.etag } });
  if (form === 'plain') return new Response(body.bytes, { headers: typed(made) });
  const small = packed(body.bytes, form);
  return small instanceof Promise ? undefined : packedResponse(made, form, small);
}

const packedResponse = (made: Made, packing: Packing, small: Uint8Array<ArrayBuffer>): Response =>
  new Response(small, { headers: { ...typed(made), 'content-encoding': packing } });
