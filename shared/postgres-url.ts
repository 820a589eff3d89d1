/** One server of a URL. */
export interface PostgresHost {
  host: string;
  port: number;
}

export interface PostgresUrl {
  /** At least one, in the order in which they are given. */
  hosts: readonly PostgresHost[];
  database: string;
  /** Whether a server that takes no writes is left alone. By itself, where there are several. */
  writable: boolean;
  /** The URL as it is for one of its servers: what `pg` reads. */
  at(host: PostgresHost): string;
}

const defaultPort = 5432;
const parts = /^(postgres(?:ql)?:)\/\/(?:([^/?#]*)@)?([^/?#@]*)(\/[^?#]*)?(?:\?([^#]*))?(?:#.*)?$/;
const writableAttributes: Record<string, boolean> = { any: false, 'read-write': true, primary: true };

/**
 * Reads a URL that may name several servers: `//a:5432,b:5432/db`, `?host=a:5432&host=b:5432`, or as libpq has it
 * `?host=a,b&port=5432,5433`. What else it says stays with `pg`.
 * @returns `undefined` for what is none
 */
export function readPostgresUrl(text: string): PostgresUrl | undefined {
  const [, protocol, user, authority = '', path = '/', query = ''] = parts.exec(text) ?? [];
  if (protocol === undefined) return undefined;
  const search = new URLSearchParams(query);
  const several = (name: string) => search.getAll(name).flatMap((value) => value.split(','));
  const given = several('host').filter((host) => host !== '');
  const ports = several('port');
  const entries = given.length > 0 ? given : authority.split(',');
  const ownPort = given.length > 0 ? portOf(authority) : undefined;
  const portAt = (at: number) => ports[at] ?? (ports.length === 1 ? ports[0] : undefined) ?? ownPort;
  const hosts = entries.map((entry, at) => hostOf(entry, portAt(at)));
  const attributes = search.get('target_session_attrs');
  const writable = attributes === null ? hosts.length > 1 : writableAttributes[attributes];
  if (writable === undefined || !hosts.every((host) => host !== undefined)) return undefined;
  if (
    !isDecodable(path) ||
    !isDecodable(user ?? '') ||
    (hosts.length > 1 && hosts.some(({ host }) => host === ''))
  )
    return undefined;
  for (const name of ['host', 'port', 'target_session_attrs']) search.delete(name);
  const at = ({ host, port }: PostgresHost) => {
    const isSocket = host.startsWith('/');
    const query: [string, string][] = [...(isSocket ? ([['host', host]] as const) : []), ...search].map(
      ([name, value]) => [name, value],
    );
    const rest = new URLSearchParams(query).toString();
    const name = isSocket ? 'localhost' : host.includes(':') ? `[${host}]` : host;
    return `${protocol}//${user === undefined ? '' : `${user}@`}${name}:${port}${path}${rest === '' ? '' : `?${rest}`}`;
  };
  const isPlain = hosts.length === 1 && attributes === null;
  const read = { hosts, database: decodeURIComponent(path.slice(1)), writable };
  // What names one server is left exactly as it is.
  const url = { ...read, at: isPlain ? () => text : at };
  return hosts.every((host) => URL.canParse(url.at(host))) ? url : undefined;
}

/** `a:5432, b:5432`: no credentials. */
export const hostNames = ({ hosts }: PostgresUrl): string =>
  hosts.map(({ host, port }) => (host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`)).join(', ');

const entryParts = /^(\[[^\]]+\]|[^:[\]]*)(?::(\d{1,5}))?$/;
const portOf = (authority: string) => entryParts.exec(authority)?.[2];

function hostOf(entry: string, fallback: string | undefined): PostgresHost | undefined {
  if (entry.startsWith('/')) return { host: entry, port: Number(fallback || defaultPort) };
  const [, name, port = fallback] = entryParts.exec(entry) ?? [];
  if (name === undefined || !/^\d*$/.test(port ?? '') || Number(port ?? 0) > 65_535) return undefined;
  const host = name.replace(/^\[|\]$/g, '');
  return { host: isDecodable(host) ? decodeURIComponent(host) : host, port: Number(port || defaultPort) };
}

/** Whether each % in it begins a sign that is written that way. */
export function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}
