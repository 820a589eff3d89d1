import { Elysia } from 'elysia';
import { NexusError } from '#shared/errors.ts';

/** More than any route has, several times over. */
const maxParameters = 100;

/** What cannot be decoded becomes a value that no schema accepts, so that only those who read it refuse it. */
const undecodable = '\ud800';

/**
 * Reads the query string of the routes that use it, in place of the framework, which splits values at commas and
 * parses what looks like JSON. A name given twice becomes an array, which the schemas of single values refuse.
 */
export function strictQuery() {
  return new Elysia({ name: 'strict-query' }).onTransform({ as: 'scoped' }, (context) => {
    if (context.request.url.includes('?')) (context as { query: unknown }).query = queryOf(context.request);
  });
}

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
    const name = decoded(equals === -1 ? pair : pair.slice(0, equals));
    const value = equals === -1 ? '' : decoded(pair.slice(equals + 1));
    const earlier = query[name];
    if (earlier === undefined) query[name] = value;
    else if (Array.isArray(earlier)) earlier.push(value);
    else query[name] = [earlier, value];
  }
  return query;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undecodable;
  }
}
