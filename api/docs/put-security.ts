import { type GuardedRoute, type Need, needsOf } from '../http/callers/route-needs.ts';

const bearer = { bearer: [] };

/** Puts what each route needs of its callers into the description, as its guards say it. Changes the document. */
export function putSecurity(
  document: { paths?: Record<string, Record<string, object>> },
  routes: readonly GuardedRoute[],
): void {
  const needsAt = new Map(routes.map((route) => [describedAs(route), needsOf(route)]));
  for (const [path, operations] of Object.entries(document.paths ?? {}))
    for (const [method, operation] of Object.entries(operations))
      Object.assign(operation, { security: securityOf(needsAt.get(`${method} ${path}`)) });
}

/** The method and path of a route, as the description has them. */
export const describedAs = ({ method, path }: GuardedRoute): string =>
  `${method.toLowerCase()} ${path.replaceAll(/:([^/]+)/g, '{$1}')}`;

/** The console's pages take no token, and are no part of the description. */
function securityOf(needs: Need[] | undefined): object[] {
  if (needs === undefined || needs.includes('console'))
    throw new Error('no route of the API is described here');
  if (needs.includes('user') || needs.includes('admin')) return [bearer];
  return needs.includes('optional') ? [{}, bearer] : [];
}
