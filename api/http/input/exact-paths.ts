type Answer = Response | Promise<Response>;
type ByPath = Record<string, (request: Request) => Answer>;

/** As far as it takes an app of the framework to serve routes by the runtime's own table. */
interface ServedApp {
  config: { serve?: object };
  fetch: (request: Request) => Answer;
  server: unknown;
}

/**
 * Tells which requests for some paths were sent with just that path. The runtime resolves dots, `%2e` and backslashes
 * before anybody sees a request, and a proxy may not. Only the runtime's own table of routes compares what was sent.
 * Without a server nothing is resolved, and all requests count as exact.
 */
export function watchExactPaths(app: ServedApp, paths: readonly string[]): (request: Request) => boolean {
  const exact = new WeakSet<Request>();
  const answer = (request: Request): Answer => {
    exact.add(request);
    return app.fetch(request);
  };
  const routes: ByPath = Object.fromEntries(paths.map((path) => [path, answer]));
  app.config.serve = { ...app.config.serve, routes };
  return (request) => app.server === null || exact.has(request);
}
