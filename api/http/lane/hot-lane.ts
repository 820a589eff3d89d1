import { Elysia } from 'elysia';
import { LRUCache } from 'lru-cache';
import type { Registry } from 'prom-client';
import { type HadAgain, hadAgain } from '../answers/had-again.ts';
import { leastPackedBytes, type Packing, packed, packingFor } from '../answers/packed.ts';
import type { ReadyBytes } from '../answers/ready-body.ts';
import { matchesEtag } from '../answers/send-ready.ts';
import type { Admission } from '../callers/admission.ts';
import type { Viewer } from '../callers/viewer.ts';
import { sampledMetric } from '../metrics/sampled-metric.ts';
import type { IdentifyRequest } from '../plugins/request-id.ts';
import { type AnsweredSlowly, labelOf, type NoteAnswer } from '../plugins/request-log.ts';

/**
 * Answers what is ready before the framework begins its work on a request. It knows no route: it learns from the
 * answers of the routes how a request is answered, and asks only for the body anew: for the one who calls now. What it
 * has not learned, and whatever would have to wait or to fail, it leaves to them.
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
  registry.registerMetric(
    sampledMetric({
      name: 'nexus_http_ready_answers_total',
      help: 'Requests that were answered before any route was asked, because the answer was ready.',
      type: 'counter',
      read: async () => [{ labels: {}, value: answers }],
    }),
  );
  const plans = new LRUCache<string, Plan>({ maxSize: maxBytes, sizeCalculation: sizeOf });

  const keyOf = (request: Request, viewer: Viewer | undefined) =>
    keyAt(request, placeOf(request), viewer && kindOf(viewer));

  const answer = (request: Request): Response | undefined => {
    if (request.method !== 'GET') return undefined;
    const startedMs = performance.now();
    const viewer = admission.viewerAtOnce(request);
    const plan = plans.get(keyOf(request, viewer));
    if (plan === undefined) return undefined;
    const { admits = (asking: Request) => admission.admitsAtOnce(asking, viewer) } = plan;
    const body = plan.again(viewer);
    if (body === undefined || !isAsLearned(plan, body)) return undefined;
    const ready = inForm(plan, body, formFor(request, body));
    if (ready === undefined || !admits(request)) return undefined;
    const requestId = identify(request);
    const response = ready.clone() as Response;
    response.headers.set('x-request-id', requestId);
    const own = body.ownHeaders?.();
    for (const name in own) response.headers.set(name, own[name] ?? '');
    const { route, label } = plan;
    answers++;
    note({ request, requestId, route, label, status: response.status, ms: performance.now() - startedMs });
    return response;
  };

  return {
    plugin: new Elysia({ name: 'hot-lane' }).wrap((slowly: (request: Request) => unknown) => {
      return ((request: Request) => answer(request) ?? slowly(request)) as typeof slowly;
    }),
    learn({ request, route, status, headers }) {
      const had = hadAgain(request);
      if (had === undefined || request.method !== 'GET' || (status !== 200 && status !== 304)) return;
      const { again, viewer, admits } = had;
      const key = keyOf(request, viewer);
      const body = again(viewer);
      // Another body by now, perhaps with other headers; and cookies are for one caller.
      if (body === undefined || body.etag !== headers.etag) return;
      if (headers['set-cookie'] !== undefined || key.length > longestKey) return;
      const lasting = Object.entries(headers).filter(([name]) => !ofOneAnswer.has(name));
      const texts = Object.fromEntries(lasting.map(([name, value]) => [name, String(value)]));
      const room = body.bytes.length;
      const label = labelOf(request, route);
      plans.set(key, { again, admits, route, label, headers: texts, room, body, forms: {} });
    },
  };
}

/**
 * What an answer depends on, but for what is the caller's own. How it is packed and whether it is known already are
 * found out each time.
 * @param kind `undefined` for a visitor
 */
function keyAt({ url, headers }: Request, place: string, kind: string | undefined): string {
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

function responseOf({ body, headers }: Plan, form: Form): Response | undefined {
  const { etag, bytes, contentType = 'application/json' } = body;
  if (form === 'unchanged') return new Response(null, { status: 304, headers: { ...headers, etag } });
  const typed = { ...headers, etag, 'content-type': contentType };
  if (form === 'plain') return new Response(bytes, { headers: typed });
  const small = packed(bytes, form);
  return small instanceof Promise
    ? undefined
    : new Response(small, { headers: { ...typed, 'content-encoding': form } });
}
