import { pathOf } from '../../http/input/path-of.ts';

interface Routed {
  /** As `TmdbRoute` has it. */
  path: string;
}

interface Found<Route> {
  route: Route;
  params: Record<string, string>;
}

/**
 * Finds the route of a path with doubled slashes, which the router knows none of: a base URL that ends in one, and a
 * path that begins with one, are an easy slip in an application's settings. `undefined` for every other path.
 */
export function createReadOddPath<Route extends Routed>(routes: readonly Route[]) {
  const known = routes.map((route) => ({ route, parts: route.path.split('/') }));
  return (url: string): Found<Route> | undefined => {
    const path = pathOf(url);
    if (!path.includes('//')) return undefined;
    const [, ...asked] = path.split('/').filter((part) => part !== '');
    const fitting = known.filter(
      ({ parts }) =>
        parts.length === asked.length &&
        parts.every((part, at) => part.startsWith(':') || part === asked[at]),
    );
    // What is named goes before what stands for anything.
    const [first] = fitting.sort((a, b) => namesOf(a.parts).length - namesOf(b.parts).length);
    if (first === undefined) return undefined;
    const params = namesOf(first.parts).map(([name, at]) => [name, decoded(asked[at] ?? '')]);
    return { route: first.route, params: Object.fromEntries(params) };
  };
}

const namesOf = (parts: readonly string[]): [name: string, at: number][] =>
  parts.flatMap((part, at) => (part.startsWith(':') ? [[part.slice(1), at] as [string, number]] : []));

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
