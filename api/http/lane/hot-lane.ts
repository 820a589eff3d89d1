import { Elysia } from 'elysia';
import { LRUCache } from 'lru-cache';
import type { Registry } from 'prom-client';
import { type HadAgain, hadAgain } from '../answers/had-again.ts';
import type { ReadyBytes } from '../answers/ready-body.ts';
import type { Admission } from '../callers/admission.ts';
import type { Viewer } from '../callers/viewer.ts';
import { sampledMetric } from '../metrics/sampled-metric.ts';
import type { IdentifyRequest } from '../plugins/request-id.ts';
import { type AnsweredSlowly, labelOf, type NoteAnswer } from '../plugins/request-log.ts';
import { copyOf, type Form, formFor, isLong, type LaneHeaders, patternOf } from './answer-forms.ts';
import { createFamilies, type Slowly } from './families.ts';

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
  admission: Pick<Admission, 'admitsAtOnce' | 'callerAtOnce'>;
  identify: IdentifyRequest;
  note: NoteAnswer;
  /** What pictures an answer shows depends on more than its URL: another text where they are elsewhere. */
  placeOf: (request: Request) => string;
  /** Who is signed in gets what others of their kind get, but for what is theirs. */
  kindOf: (viewer: Viewer) => string;
  /** Room for what it has learned. */
  maxBytes?: number;
}

/** How requests with the same URL and the same headers that matter are answered. */
interface Plan extends Pick<HadAgain, 'again' | 'admits'> {
  route: string;
  label: string;
  /** Those that are the same in each form, for each caller. */
  headers: LaneHeaders;
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
  const kindAt = (request: Request, viewer: Viewer | undefined) =>
    kindOfAnswer(request.headers, placeOf(request), viewer && kindOf(viewer));

  const keep = (key: string, { request, ...plan }: Learned) => {
    if (key.length > longestKey) return;
    const room = plan.body.bytes.length;
    plans.set(key, { ...plan, label: labelOf(request, plan.route), room, forms: {} });
  };
  const families = createFamilies({
    admission,
    identify,
    send({ request, startedMs }, { route, requestId, body, response }) {
      addOwnHeaders(response, body);
      note({ request, requestId, route, status: response.status, ms: performance.now() - startedMs });
      return response;
    },
    onReady({ request, kind }, found) {
      answers++;
      if (found !== undefined) keep(request.url + kind, { request, ...found });
    },
    onRead: () => {
      reads++;
    },
  });

  const answer = (request: Request, slowly: Slowly): unknown => {
    if (request.method !== 'GET') return undefined;
    const startedMs = performance.now();
    const caller = admission.callerAtOnce(request);
    const isKnown = caller !== undefined;
    const viewer = caller === 'visitor' ? undefined : caller;
    const kind = kindAt(request, viewer);
    const plan = plans.get(request.url + kind);
    const body = plan?.again(viewer);
    if (plan === undefined || body === undefined)
      return families.answer({ request, viewer, isKnown, kind, startedMs }, slowly);
    if (!isAsLearned(plan, body)) return undefined;
    const pattern = inForm(plan, body, formFor(request, body));
    if (pattern === undefined) return undefined;
    const { admits, route, label } = plan;
    const isAdmitted =
      admits === undefined ? isKnown && admission.admitsAtOnce(request, viewer) : admits(request);
    if (!isAdmitted) return undefined;
    const requestId = identify(request);
    const response = copyOf(pattern, requestId);
    addOwnHeaders(response, body);
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
      const kind = kindAt(request, viewer);
      if (others !== undefined) families.learn(request, kind, { others, route, headers: texts });
      const body = again(viewer);
      // Another body by now, perhaps with other headers.
      if (body === undefined || body.etag !== headers.etag) return;
      keep(request.url + kind, { request, again, admits, route, headers: texts, body });
    },
  };
}

type Learned = Pick<Plan, 'again' | 'admits' | 'route' | 'headers' | 'body'> & { request: Request };

function addOwnHeaders(response: Response, body: ReadyBytes): void {
  const own = body.ownHeaders?.();
  for (const name in own) response.headers.set(name, own[name] ?? '');
}

/**
 * What an answer depends on beside its URL, but for what is the caller's own: the rest of its key. How it is packed and
 * whether it is known already are found out each time.
 * @param caller their kind; `undefined` for a visitor
 */
function kindOfAnswer(headers: Headers, place: string, caller: string | undefined): string {
  const language = headers.get('accept-language');
  const origin = headers.get('origin');
  // No header holds a line break.
  if (language === null && origin === null && place === '') return caller === undefined ? '' : `\n${caller}`;
  return `\n${language ?? '\n'}\n${origin ?? '\n'}\n${place}\n${caller ?? '\n'}`;
}

const sizeOf = ({ room, label }: Plan, key: string) =>
  Math.ceil(2 * room) + 2 * key.length + label.length + 1500;

/** Whether the plan was made, and its room measured, for such a body. */
function isAsLearned({ room, body: last }: Plan, body: ReadyBytes): boolean {
  const now = body.bytes.length;
  return body === last || (isLong(room) === isLong(now) && now <= 1.2 * room);
}

/** `undefined` while it is being packed. */
function inForm(plan: Plan, body: ReadyBytes, form: Form): Response | undefined {
  if (plan.body !== body) {
    plan.body = body;
    plan.forms = {};
  }
  const known = plan.forms[form];
  if (known !== undefined) return known;
  const made = patternOf(plan, form);
  if (made instanceof Promise) {
    // The route packs it, or fails.
    made.catch(() => {});
    return undefined;
  }
  plan.forms[form] = made;
  return made;
}
