import type { DocumentDecoration } from 'elysia';
import type { OpenAPIV3 } from 'openapi-types';
import type { SchemaName } from './schemas.ts';

type Failure = 400 | 401 | 403 | 404 | 409 | 410 | 413 | 415 | 422 | 429 | 500 | 503;

interface RouteDescription {
  tag: 'Movies' | 'User' | 'Operations' | 'About';
  summary: string;
  description?: string;
  /** The schema of `data`; in brackets, a list of it. */
  data: SchemaName | readonly [SchemaName];
  meta?: SchemaName;
  /** Whether it answers with an ETag, and with 304 to whoever has it. */
  mirrored?: boolean;
  /** Whether it may answer "not here yet". */
  pending?: boolean;
  failures: readonly Failure[];
}

const meaningOf: Record<Failure, string> = {
  400: 'The body is malformed.',
  401: 'The access token is not valid. Without one, this route is open.',
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

type Schema = OpenAPIV3.SchemaObject | OpenAPIV3.ReferenceObject;

const ref = (name: SchemaName) => ({ $ref: `#/components/schemas/${name}` });
const json = (schema: Schema) => ({ 'application/json': { schema } });
const header = (description: string) => ({ description, schema: { type: 'string' as const } });
const requestId = { 'X-Request-Id': header('Names the request; a sane one of the caller is kept.') };
const retryAfter = { 'Retry-After': header('Seconds.') };

/** What the API description says of a route, beyond its parameters. */
export function describeRoute(route: RouteDescription): DocumentDecoration {
  const { tag, summary, description, pending, mirrored, failures } = route;
  const responses: NonNullable<DocumentDecoration['responses']> = { 200: successOf(route) };
  if (pending)
    responses[202] = {
      description: 'Not here yet: ask again.',
      headers: { ...requestId, ...retryAfter },
      content: json(ref('Pending')),
    };
  if (mirrored) responses[304] = { description: 'What the caller has is still right.', headers: requestId };
  for (const http of failures) responses[http] = failureOf(http);
  return { tags: [tag], summary, ...(description === undefined ? {} : { description }), responses };
}

function successOf({ data, meta, mirrored }: RouteDescription) {
  const schema: Schema = typeof data === 'string' ? ref(data) : { type: 'array', items: ref(data[0]) };
  return {
    description: 'Success',
    headers: {
      ...requestId,
      ...(mirrored ? { ETag: header('Weak.'), 'Cache-Control': header('How long it may be kept.') } : {}),
    },
    content: json({
      type: 'object',
      properties: {
        status: { type: 'string', enum: ['success'] },
        data: schema,
        ...(meta === undefined ? {} : { meta: ref(meta) }),
      },
      required: ['status', 'data', ...(meta === undefined ? [] : ['meta'])],
    }),
  };
}

const failureOf = (http: Failure) => ({
  description: meaningOf[http],
  headers: { ...requestId, ...(http === 429 || http === 503 ? retryAfter : {}) },
  content: json(ref('Failure')),
});
