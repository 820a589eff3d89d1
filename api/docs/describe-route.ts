import type { DocumentDecoration } from 'elysia';
import type { OpenAPIV3 } from 'openapi-types';
import type { z } from 'zod';
import { adminFailureExamples, examples, failureExamples, requestExamples } from './examples.ts';
import { jsonSchemaOf } from './json-schema-of.ts';
import type { SchemaName } from './schemas.ts';

type Failure = 400 | 401 | 403 | 404 | 409 | 410 | 413 | 415 | 422 | 429 | 500 | 503;

interface RouteDescription {
  tag: 'Movies' | 'Accounts' | 'Administration' | 'Operations' | 'About';
  summary: string;
  description?: string;
  /** It answers with server-sent events, each with this in its `data`. */
  events?: SchemaName;
  /** The schema of `data`; in brackets, a list of it. None: success is 204, without a body. */
  data?: SchemaName | readonly [SchemaName];
  /** The status of success, where it is not 200. */
  success?: 201 | 202;
  /** `user` and `admin` need an access token; `optional` makes use of one. */
  access?: 'optional' | 'user' | 'admin';
  meta?: SchemaName;
  /** The JSON it takes: a reader of bodies of our own hides that from the framework. */
  body?: z.ZodType;
  /** Whether it answers with an ETag, and with 304 to whoever has it. */
  mirrored?: boolean;
  /** Whether it may answer "not here yet". */
  pending?: boolean;
  failures: readonly Failure[];
}

/** Where a body's description waits for `putRequestBodies`: the framework would write over the right place. */
const requestBodyKey = 'x-request-body';

const meaningOf: Record<Failure, string> = {
  400: 'The body is malformed.',
  401: 'No access token, or one that is not valid (`unauthenticated`); or the wrong password (`invalid_credentials`).',
  403: 'Not allowed.',
  404: 'There is no such thing, as far as TMDb knows.',
  409: 'In conflict with what is there.',
  410: 'TMDb has deleted it.',
  413: 'The body is too large.',
  415: 'The body is of a kind that is not accepted.',
  422: 'The input is not valid: `details` says where.',
  429: 'Too many requests: `Retry-After` says when to come back.',
  500: 'Our bug.',
  503: 'TMDb (`upstream_unavailable`) or our own store (`unavailable`) is away: `Retry-After` says when to come back.',
};

/** Where nothing is open, and nothing is TMDb's to know. */
const meaningToAdmins: Partial<Record<Failure, string>> = {
  401: 'Not signed in, or the access token is not valid.',
  403: 'The role `admin` is needed.',
  404: 'There is no such thing.',
  409: 'A run of this job is under way (`already_running`).',
};

type Schema = OpenAPIV3.SchemaObject | OpenAPIV3.ReferenceObject;

const ref = (name: SchemaName) => ({ $ref: `#/components/schemas/${name}` });
const json = (schema: Schema, example?: unknown) => ({
  'application/json': { schema, ...(example === undefined ? {} : { example }) },
});
const header = (description: string) => ({ description, schema: { type: 'string' as const } });
const requestId = { 'X-Request-Id': header('Names the request; a sane one of the caller is kept.') };
const retryAfter = { 'Retry-After': header('Seconds.') };

/** What the API description says of a route, beyond its parameters. */
export function describeRoute(route: RouteDescription): DocumentDecoration {
  const { tag, summary, description, pending, mirrored, failures, access } = route;
  const responses: NonNullable<DocumentDecoration['responses']> =
    route.events !== undefined
      ? { 200: eventsOf(route.events) }
      : route.data === undefined
        ? { 204: { description: 'Done.', headers: requestId } }
        : { [route.success ?? 200]: successOf(route, route.data) };
  if (pending)
    responses[202] = {
      description: 'Not here yet: ask again.',
      headers: { ...requestId, ...retryAfter },
      content: json(ref('Pending'), examples.Pending),
    };
  if (mirrored) responses[304] = { description: 'What the caller has is still right.', headers: requestId };
  for (const http of failures) responses[http] = failureOf(http, tag);
  return {
    tags: [tag],
    summary,
    ...(description === undefined ? {} : { description }),
    ...(route.body === undefined
      ? {}
      : { [requestBodyKey]: { required: true, content: json(jsonSchemaOf(route.body, 'input')) } }),
    security: access === undefined ? [] : access === 'optional' ? [{}, bearer] : [bearer],
    responses,
  };
}

const bearer = { bearer: [] };

function successOf({ meta, mirrored }: RouteDescription, data: SchemaName | readonly [SchemaName]) {
  const schema: Schema = typeof data === 'string' ? ref(data) : { type: 'array', items: ref(data[0]) };
  return {
    description: 'Success',
    headers: {
      ...requestId,
      ...(mirrored ? { ETag: header('Weak.'), 'Cache-Control': header('How long it may be kept.') } : {}),
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
        status: 'success',
        data: typeof data === 'string' ? examples[data] : [examples[data[0]]],
        ...(meta === undefined ? {} : { meta: examples[meta] }),
      },
    ),
  };
}

const eventsOf = (data: SchemaName) => ({
  description: `Server-sent events; the \`data\` of each is a ${data}.`,
  headers: requestId,
  content: {
    'text/event-stream': {
      schema: { type: 'string' as const, description: `\`event\`, \`id\` and \`data\`: ${data} as JSON.` },
    },
  },
});

const failureOf = (http: Failure, tag: RouteDescription['tag']) => ({
  description: (tag === 'Administration' && meaningToAdmins[http]) || meaningOf[http],
  headers: { ...requestId, ...(http === 429 || http === 503 ? retryAfter : {}) },
  content: json(ref('Failure'), exampleOf(http, tag)),
});

const exampleOf = (http: Failure, tag: RouteDescription['tag']) =>
  (tag === 'Administration' && adminFailureExamples[http]) || failureExamples[http];

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
