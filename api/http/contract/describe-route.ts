import type { DocumentDecoration, ElysiaCustomStatusResponse } from 'elysia';
import type { z } from 'zod';
import type { FailureAnswer } from '../failures/failure-answer.ts';
import type { Answer, Done, EventStream, PendingAnswer } from './answer.ts';
import { exampleOf, nameOf } from './describe-schema.ts';
import { failureResponses, type RouteFailure } from './failures.ts';
import { jsonSchemaOf } from './json-schema-of.ts';
import { Pending } from './model.ts';
import { refusing } from './refusing.ts';
import { header, json, ref, requestId, retryAfter, type Schema } from './response-parts.ts';

interface RouteDescription {
  tag: 'Movies' | 'Accounts' | 'Administration' | 'Operations' | 'About';
  summary: string;
  description?: string;
  /** It answers with server-sent events, each with this in its `data`. */
  events?: z.ZodType;
  /** It answers with something other than our envelope. */
  plain?: { type: string; description: string; schema: Schema; example: unknown };
  /** The schema of `data`; in brackets, a list of it. None: success is 204, without a body. */
  data?: z.ZodType | readonly [z.ZodType];
  /** The status of success, where it is not 200. */
  success?: 201 | 202;
  /** What success says in headers of its own, by their names. */
  headers?: Readonly<Record<string, string>>;
  meta?: z.ZodType;
  /** The JSON it takes. The framework parses it. */
  body?: z.ZodType;
  /** What it takes where the handler reads that itself: of another media type, or what may be left out. */
  ownBody?: { schema: z.ZodType; type?: string; required: boolean };
  /** Whether it answers with an ETag, and with 304 to whoever has it. */
  mirrored?: boolean;
  /** Whether it may answer "not here yet". */
  pending?: boolean;
  failures: readonly RouteFailure[];
}

type Responses = NonNullable<DocumentDecoration['responses']>;

/** Where a body's description waits for `putRequestBodies`: the framework would write over the right place. */
const requestBodyKey = 'x-request-body';

/** Of whatever may be kept and asked for again. */
const kept = { ETag: header('A weak ETag.'), 'Cache-Control': header('How long the answer may be cached.') };

/** What a handler of the route may hand over. */
type ReplyOf<Route> =
  | SuccessOf<Route>
  | FailureAnswer
  | (Route extends { pending: true } ? PendingAnswer : never);

type SuccessOf<Route> = Route extends { events: infer Event extends z.ZodType }
  ? EventStream<z.output<Event>>
  : Route extends { plain: object }
    ? string
    : Route extends { data: infer Data }
      ? WithStatus<
          Route,
          Answer<OutputOf<Data>, Route extends { meta: infer Meta } ? OutputOf<Meta> : undefined>
        >
      : Done;

type OutputOf<Data> = Data extends readonly [infer Item extends z.ZodType]
  ? z.output<Item>[]
  : Data extends z.ZodType
    ? z.output<Data>
    : never;

type WithStatus<Route, Whole> = Route extends { success: 201 }
  ? ElysiaCustomStatusResponse<201, Whole, 201>
  : Route extends { success: 202 }
    ? ElysiaCustomStatusResponse<202, Whole, 202>
    : Whole;

/** What the framework is told of a route. */
type Described<Route> = {
  detail: DocumentDecoration & { responses: Responses };
  /**
   * For the compiler alone. It is not there when the program runs, so the framework does not check answers again.
   * The status is always 200 here, because the framework checks handlers against nothing else.
   */
  response: { 200: { '~standard': { types?: { input: unknown; output: ReplyOf<Route> } } } };
} & (Route extends { body: infer Body extends z.ZodType } ? { body: Body } : unknown);

/**
 * Describes a route for the API description, except for its parameters and who may call it (the guards say
 * that). The description also fixes what the handler must return: a different answer does not compile.
 * @example
 * app.get('/api/genres', async () => success(await genres.all()), {
 *   ...describeRoute({ tag: 'Movies', summary: 'All genres', data: [Genre], failures: [500] }),
 * });
 */
export function describeRoute<const Route extends RouteDescription>(route: Route): Described<Route> {
  const { body } = route;
  return {
    detail: detailOf(route),
    ...(body === undefined ? {} : { body: refusing(body) }),
  } as Described<Route>;
}

function detailOf(route: RouteDescription): Described<unknown>['detail'] {
  const { tag, summary, description, failures } = route;
  const ownBody = route.ownBody ?? (route.body && { schema: route.body, required: true });
  return {
    tags: [tag],
    summary,
    ...(description === undefined ? {} : { description }),
    ...(ownBody === undefined ? {} : { [requestBodyKey]: bodyOf(ownBody) }),
    responses: { ...successesOf(route), ...failureResponses(failures) },
  };
}

function successesOf(route: RouteDescription): Responses {
  const { events, plain, data, success = 200, pending, mirrored } = route;
  const responses: Responses =
    events !== undefined
      ? { 200: eventsOf(nameOf(events)) }
      : plain !== undefined
        ? { 200: plainOf(plain) }
        : data === undefined
          ? { 204: { description: 'Done.', headers: requestId } }
          : { [success]: successOf(route, data) };
  if (pending)
    responses[202] = {
      description: 'Not available yet. Ask again after `retry_after` seconds.',
      headers: { ...requestId, ...retryAfter },
      content: json(ref(Pending), { pending: exampleOf(Pending) }),
    };
  if (mirrored)
    responses[304] = {
      description: 'Not modified: the caller’s copy is still right.',
      headers: { ...requestId, ...kept },
    };
  return responses;
}

type Data = z.ZodType | readonly [z.ZodType];

const isList = (data: Data): data is readonly [z.ZodType] => Array.isArray(data);

function successOf({ meta, mirrored, headers = {} }: RouteDescription, data: Data) {
  const [schema, example]: [Schema, unknown] = isList(data)
    ? [{ type: 'array', items: ref(data[0]) }, [exampleOf(data[0])]]
    : [ref(data), exampleOf(data)];
  return {
    description: 'Success',
    headers: {
      ...requestId,
      ...(mirrored ? kept : {}),
      ...Object.fromEntries(Object.entries(headers).map(([name, said]) => [name, header(said)])),
    },
    content: json(
      {
        type: 'object',
        properties: {
          status: { type: 'string', enum: ['success'] },
          data: schema,
          ...(meta === undefined ? {} : { meta: ref(meta) }),
        },
        required: ['status', 'data', ...(meta === undefined ? [] : ['meta'])],
      },
      {
        success: {
          status: 'success',
          data: example,
          ...(meta === undefined ? {} : { meta: exampleOf(meta) }),
        },
      },
    ),
  };
}

const eventsOf = (data: string) => ({
  description: `Server-sent events. The \`data\` of each one is a ${data}.`,
  headers: requestId,
  content: {
    'text/event-stream': {
      schema: { type: 'string' as const, description: `\`event\`, \`id\` and \`data\`: ${data} as JSON.` },
    },
  },
});

const plainOf = ({ type, description, schema, example }: NonNullable<RouteDescription['plain']>) => ({
  description,
  headers: requestId,
  content: { [type]: { schema, example } },
});

const bodyOf = ({
  schema,
  type = 'application/json',
  required,
}: NonNullable<RouteDescription['ownBody']>) => ({
  required,
  content: { [type]: { schema: jsonSchemaOf(schema, 'input'), example: exampleOf(schema) } },
});

/** Puts the bodies' descriptions where OpenAPI has them. Changes the document. */
export function putRequestBodies(document: { paths?: Record<string, Record<string, object>> }): void {
  for (const operations of Object.values(document.paths ?? {}))
    for (const operation of Object.values(operations) as Record<string, unknown>[]) {
      const waiting = operation[requestBodyKey];
      if (waiting !== undefined) operation.requestBody = waiting;
      delete operation[requestBodyKey];
    }
}
