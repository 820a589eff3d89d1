interface Route {
  method: string;
  path: string;
}

interface Pattern {
  method: string;
  matches: (path: string) => boolean;
}

/** Which methods a path answers to, from the table of routes; empty for a path nobody serves. */
export function allowedMethods(routes: readonly Route[]): (path: string) => string[] {
  const patterns = routes.map(patternOf);
  return (path) => {
    const methods = new Set(patterns.filter((it) => it.matches(path)).map((it) => it.method));
    if (methods.size === 0) return [];
    if (methods.has('GET')) methods.add('HEAD');
    methods.add('OPTIONS');
    return [...methods].sort();
  };
}

function patternOf({ method, path }: Route): Pattern {
  const source = path
    .split('/')
    .map((part) => (part.startsWith(':') ? '[^/]+' : part === '*' ? '.*' : RegExp.escape(part)))
    .join('/');
  const pattern = new RegExp(`^${source}/?$`);
  return { method, matches: (asked) => pattern.test(asked) };
}
