import { Elysia } from 'elysia';

/** What cannot be decoded becomes a value that no schema accepts, so that only those who read it refuse it. */
const undecodable = '\ud800';

/**
 * Reads the query string of the routes that use it, in place of the framework, which splits values at commas and
 * parses what looks like JSON. A name given twice becomes an array, which the schemas of single values refuse.
 */
export function strictQuery() {
  return new Elysia({ name: 'strict-query' }).onTransform({ as: 'scoped' }, (context) => {
    const start = context.request.url.indexOf('?');
    if (start !== -1)
      (context as { query: unknown }).query = parseQuery(context.request.url.slice(start + 1));
  });
}

export function parseQuery(text: string): Record<string, string | string[]> {
  const query: Record<string, string | string[]> = Object.create(null);
  for (const pair of text.split('&')) {
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
