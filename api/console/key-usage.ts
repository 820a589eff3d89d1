/** How often a route was asked with a key. */
export interface KeyUsage {
  key: string;
  route: string;
  requests: number;
}

export const usageMetric = 'nexus_facade_requests_total';

const line = new RegExp(
  String.raw`^${usageMetric}\{key="((?:[^"\\]|\\.)*)",route="((?:[^"\\]|\\.)*)"[^}]*\} (\d+)`,
  'gm',
);
const unescaped = (text: string) =>
  text.replaceAll(/\\(.)/g, (_, sign: string) => (sign === 'n' ? '\n' : sign));

/** Out of Prometheus' text, which is what all processes of the api say together. The most used route of a key first. */
export function readKeyUsage(metrics: string): KeyUsage[] {
  const found = [...metrics.matchAll(line)].map(([, key = '', route = '', requests]) => ({
    key: unescaped(key),
    route: unescaped(route),
    requests: Number(requests),
  }));
  return found.toSorted((a, b) => a.key.localeCompare(b.key) || b.requests - a.requests);
}
