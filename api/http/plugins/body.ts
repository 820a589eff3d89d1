import { Elysia } from 'elysia';
import { NexusError } from '#shared/errors.ts';
import { type Guard, guardsOf } from '../callers/route-needs.ts';
import { decodeBody } from '../input/decode-body.ts';

/** What a route accepts other than the ordinary. */
export interface BodyRule {
  limitBytes: number;
  mediaType: string;
  /** Other names of the same kind of body. */
  otherTypes?: readonly string[];
}

const ordinary: BodyRule = { limitBytes: 1024 * 1024, mediaType: 'application/json' };

/** The runtime's own limit answers with an empty body, so it must never be the one that is met. */
export const serverBodyLimitBytes = Number.MAX_SAFE_INTEGER;

interface BodiesOptions {
  /** By the route's path, where it accepts something out of the ordinary. */
  rules?: Readonly<Record<string, BodyRule>>;
  /** Whether a route asks for a body: where it does not, an empty one is none, whatever it is said to be. */
  takesBody?: (method: string, route: string) => boolean;
}

/**
 * Reads bodies for every route that has one: JSON up to 1 MiB, unless `rules` names the route's path. All guards of the
 * route are asked first, wherever they stand: who may not be here is told so before anything is read. A route without
 * a guard is open: its body is read, whoever sends it.
 */
export function bodies({ rules = {}, takesBody = () => true }: BodiesOptions = {}): Elysia {
  const plugin = new BodyPlugin({ name: 'bodies' });
  return plugin.onParse({ as: 'global' }, async ({ request, route }) => {
    for (const guard of plugin.guardsAt(request.method, route)) await guard.judge(request);
    if (request.body === null && !request.headers.has('content-type')) return undefined;
    const rule = rules[route] ?? ordinary;
    if (isEmpty(request) && !takesBody(request.method, route)) return undefined;
    checkMediaType(request, rule);
    const bytes = await readBody(request, rule.limitBytes);
    if (rule.mediaType === 'application/json') return parsed(decoded(bytes));
    return decodeBody(bytes, request.headers.get('content-type'));
  });
}

/** An app's hooks run before those of its parts, where the guards are: this finds them in the table of routes. */
class BodyPlugin extends Elysia {
  guardsAt(method: string, path: string): Guard[] {
    // A group has a table of its own, in which paths lack what the group puts in front of them.
    const [route] = this.getGlobalRoutes()
      .filter((each) => path.endsWith(each.path) && (each.method === method || each.method === 'ALL'))
      .sort(
        (a, b) => b.path.length - a.path.length || Number(a.method === 'ALL') - Number(b.method === 'ALL'),
      );
    return route === undefined ? [] : guardsOf(route);
  }
}

/** Many a client says `application/json` of everything it sends, also of nothing. */
const isEmpty = ({ body, headers }: Request): boolean =>
  headers.get('content-length') === '0' || (body === null && !headers.has('transfer-encoding'));

function checkMediaType(request: Request, { mediaType, otherTypes = [] }: BodyRule): void {
  const given = (request.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase();
  if (given !== mediaType && !otherTypes.includes(given ?? ''))
    throw new NexusError('unsupported_media_type', `The body must be sent as ${mediaType}.`);
  const encoding = request.headers.get('content-encoding')?.trim().toLowerCase() ?? 'identity';
  if (encoding !== 'identity')
    throw new NexusError('unsupported_media_type', 'Compressed bodies are not accepted.');
}

async function readBody(request: Request, limitBytes: number): Promise<Uint8Array> {
  const tooLarge = () =>
    new NexusError('body_too_large', `The body may have at most ${limitBytes / 1024 / 1024} MiB.`);
  if (Number(request.headers.get('content-length') ?? 0) > limitBytes) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let size = 0;
  // A length that was announced proves nothing: what arrives is counted as it comes.
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength;
    if (size > limitBytes) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function decoded(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new NexusError('malformed_body', 'The body is not valid UTF-8.', { cause: error });
  }
}

/** Far deeper than any body of ours. What tells a caller of their mistakes would climb the rest for seconds. */
const maxDepth = 16;

function parsed(text: string): unknown {
  const value = jsonOf(text);
  if (isDeeper(value, maxDepth))
    throw new NexusError('malformed_body', `The body may be nested at most ${maxDepth} levels deep.`);
  return value;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new NexusError('malformed_body', 'The body is not valid JSON.', { cause: error });
  }
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeper(inner, levels - 1));
}
