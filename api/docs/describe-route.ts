import type { DocumentDecoration } from 'elysia';
import type { z } from 'zod';
import { examples, requestExamples } from './examples.ts';
import { failureResponses, type RouteFailure } from './failures.ts';
import { jsonSchemaOf } from './json-schema-of.ts';
import { header, json, ref, requestId, retryAfter, type Schema } from './response-parts.ts';
import type { SchemaName } from './schemas.ts';

interface RouteDescription {
  tag: 'Movies' | 'Accounts' | 'Administration' | 'Operations' | 'About';
  summary: string;
  description?: string;
  /** It answers with server-sent events, each with this in its `data`. */
  events?: SchemaName;
  /** It answers with something other than our envelope. */
  plain?: { type: string; description: string; schema: Schema; example: unknown };
  /** The schema of `data`; in brackets, a list of it. None: success is 204, without a body. */
  data?: SchemaName | readonly [SchemaName];
  /** The status of success, where it is not 200. */
  success?: 201 | 202;
  /** What success says in headers of its own, by their names. */
  headers?: Readonly<Record<string, string>>;
  /** `user` and `admin` need an access token; `optional` makes use of one. */
  access?: 'optional' | 'user' | 'admin';
  meta?: SchemaName;
  /** The JSON it takes: a reader of bodies of our own hides that from the framework. */
  body?: z.ZodType;
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

/** What the API description says of a route, beyond its parameters. */
export function describeRoute(route: RouteDescription): DocumentDecoration & { responses: Responses } {
  const { tag, summary, description, pending, mirrored, failures, access } = route;
  const responses: Responses =
    route.events !== undefined
      ? { 200: eventsOf(route.events) }
      : route.plain !== undefined
        ? { 200: plainOf(route.plain) }
        : route.data === undefined
          ? { 204: { description: 'Done.', headers: requestId } }
          : { [route.success ?? 200]: successOf(route, route.data) };
  if (pending)
    responses[202] = {
      description: 'Not available yet. Ask again after `retry_after` seconds.',
      headers: { ...requestId, ...retryAfter },
      content: json(ref('Pending'), { pending: examples.Pending }),
    };
  if (mirrored)
    responses[304] = {
      description: 'Not modified: the caller’s copy is still right.',
      headers: { ...requestId, ...kept },
    };
  return {
    tags: [tag],
    summary,
    ...(description === undefined ? {} : { description }),
    ...(route.body === undefined
      ? {}
      : {
          [requestBodyKey]: {
            required: true,
            content: { 'application/json': { schema: jsonSchemaOf(route.body, 'input') } },
          },
        }),
    security: access === undefined ? [] : access === 'optional' ? [{}, bearer] : [bearer],
    responses: { ...responses, ...failureResponses(failures) },
  };
}

const bearer = { bearer: [] };

function successOf(
  { meta, mirrored, headers = {} }: RouteDescription,
  data: SchemaName | readonly [SchemaName],
) {
  const schema: Schema = typeof data === 'string' ? ref(data) : { type: 'array', items: ref(data[0]) };
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
          data: typeof data === 'string' ? examples[data] : [examples[data[0]]],
          ...(meta === undefined ? {} : { meta: examples[meta] }),
        },
      },
    ),
  };
}

const eventsOf = (data: SchemaName) => ({
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

/** Puts the bodies' descriptions where OpenAPI has them, with their examples. Changes the document. */
export function putRequestBodies(document: { paths?: Record<string, Record<string, object>> }): void {
  for (const [path, operations] of Object.entries(document.paths ?? {}))
    for (const [method, operation] of Object.entries(operations)) {
      const described = operation as Record<string, unknown> & { requestBody?: { content: Content } };
      const waiting = described[requestBodyKey] as { content: Content } | undefined;
      if (waiting !== undefined) described.requestBody = waiting;
      delete described[requestBodyKey];
      const example = requestExamples[`${method} ${path}`];
      for (const content of Object.values(described.requestBody?.content ?? {}))
        if (example !== undefined) content.example = example;
    }
}

type Content = Record<string, { example?: unknown }>;
