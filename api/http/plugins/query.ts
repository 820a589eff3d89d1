import { Elysia } from 'elysia';
import type { z } from 'zod';
import { NexusError } from '#shared/errors.ts';
import { refusalOf } from '../failures/nexus-error-of.ts';
import { queryObject } from '../input/query-object.ts';

/** More than any route has, several times over. */
const maxParameters = 100;

/** What cannot be decoded becomes a value that no schema accepts, so that only those who read it refuse it. */
const undecodable = '\ud800';

/** What no schema has read yet: a schema puts something of its own in its place. */
const unread = new WeakSet<object>();

/**
 * Reads the query string of the routes that use it, in place of the framework, which splits values at commas and
 * parses what looks like JSON. A name given twice becomes an array, which the schemas of single values refuse.
 */
export function parsedQuery() {
  return new Elysia({ name: 'parsed-query' }).onTransform({ as: 'scoped' }, readQuery);
}

/** The same for routes under `/api`: one without a schema for its query takes no parameter at all. */
export function strictQuery() {
  return new Elysia({ name: 'strict-query' })
    .onTransform({ as: 'scoped' }, readQuery)
    .onBeforeHandle({ as: 'scoped' }, ({ query }) => {
      if (unread.has(query)) checked(query, noParameters);
    });
}

/** For a route that cannot afford hooks. @throws {NexusError} `invalid_input`, as the schema says it */
export function checkedQuery<Schema extends z.ZodType>(request: Request, schema: Schema): z.output<Schema> {
  return checked(queryOf(request), schema);
}

function readQuery(context: { request: Request; query: unknown }): void {
  const start = context.request.url.indexOf('?');
  if (start === -1) return;
  const query = parseQuery(context.request.url.slice(start + 1));
  unread.add(query);
  context.query = query;
}

function checked<Schema extends z.ZodType>(query: object, schema: Schema): z.output<Schema> {
  const { data, error } = schema.safeParse(query);
  if (error === undefined) return data;
  throw refusalOf(error.issues.map(({ path, message }) => ({ path: path.join('.'), message })));
}

const noParameters = queryObject({});

/** The query string of a request. */
export function queryOf({ url }: Request): Record<string, string | string[]> {
  const start = url.indexOf('?');
  return parseQuery(start === -1 ? '' : url.slice(start + 1));
}

/** @throws {NexusError} `invalid_input` for more parameters than can mean anything */
export function parseQuery(text: string): Record<string, string | string[]> {
  const query: Record<string, string | string[]> = Object.create(null);
  const pairs = text.split('&', maxParameters + 1);
  if (pairs.length > maxParameters)
    throw new NexusError('invalid_input', 'Some of the input is not valid.', {
      details: [{ path: 'query', message: `may have at most ${maxParameters} parameters` }],
    });
  for (const pair of pairs) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = seen(decoded(equals === -1 ? pair : pair.slice(0, equals)));
    const value = equals === -1 ? '' : decoded(pair.slice(equals + 1));
    const earlier = query[name];
    if (earlier === undefined) query[name] = value;
    else if (Array.isArray(earlier)) earlier.push(value);
    else query[name] = [earlier, value];
  }
  return query;
}

/** Schemas pass over this name, and so would never refuse it. */
const seen = (name: string) => (name === '__proto__' ? '"__proto__"' : name);

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undecodable;
  }
}
