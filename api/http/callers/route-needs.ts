import type { Viewer } from './viewer.ts';

/**
 * What a route asks of its callers. `nothing`: a token is not even looked at. `console`: an administrator whose
 * browser has signed in to the console, and is sent here by a page of ours.
 */
export type Need = 'nothing' | 'optional' | 'user' | 'admin' | 'console';

/** A need of a route, and who judges whether a caller meets it. */
export interface Guard {
  need: Need;
  /** @throws {NexusError} for a caller who does not. */
  judge(request: Request): Promise<Viewer | undefined>;
  /** Believes nothing any more of what it has found out of who sent a request. */
  doubt?(request: Request): void;
}

/** A route as the table of routes has it. */
export interface GuardedRoute {
  method: string;
  path: string;
  handler: unknown;
  hooks: { transform?: unknown };
}

const stated = Symbol('the guard that a function asks');

/** Marks a function with the guard that it asks, so that the guard can be found in the table of routes. */
export const stateGuard = <Asks extends (...given: never[]) => unknown>(guard: Guard, asks: Asks): Asks =>
  Object.assign(asks, { [stated]: guard });

/** All guards in front of a route, from the outermost to its own. */
export function guardsOf({ hooks, handler }: GuardedRoute): Guard[] {
  const transforms = (hooks.transform ?? []) as { fn: unknown }[];
  return [...transforms.map(({ fn }) => fn), handler].flatMap((each) => {
    const guard = (each as { [stated]?: Guard } | undefined)?.[stated];
    return guard === undefined ? [] : [guard];
  });
}

export const needsOf = (route: GuardedRoute): Need[] => guardsOf(route).map(({ need }) => need);

/**
 * Used last, it looks at all routes of an app.
 * @throws if a route has no guard. A route that is open to everybody needs a guard that says so.
 */
export function requireGuards<App extends { routes: readonly GuardedRoute[] }>(app: App): App {
  const bare = app.routes.filter((route) => guardsOf(route).length === 0);
  if (bare.length === 0) return app;
  const named = bare.map(({ method, path }) => `${method} ${path}`).join(', ');
  throw new Error(`Say who may ask for ${named}: put a guard of plugins/guards.ts before it.`);
}
