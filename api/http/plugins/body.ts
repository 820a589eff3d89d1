import { Elysia } from 'elysia';
import { NexusError } from '#shared/errors.ts';
import { type Guard, guardsOf } from '../callers/route-needs.ts';
import { type BodyRule, bodyRuleOf, sizeText } from '../input/body-rule.ts';
import { decodeBody, isOtherThanUtf8 } from '../input/decode-body.ts';
import { parseJson } from '../input/parse-json.ts';

/** The runtime's own limit answers with an empty body, so it must never be the one that is met. */
export const serverBodyLimitBytes = Number.MAX_SAFE_INTEGER;

interface BodiesOptions {
  /** Counts what a caller sends as it arrives. @throws for a caller who sends too much */
  countBytes?: (request: Request, bytes: number) => Promise<void>;
  /** Whether a route asks for a body: where it does not, an empty one is none, whatever it is said to be. */
  takesBody?: (method: string, route: string) => boolean;
  /** How long a body may take to arrive. */
  arrivalMs?: number;
}

/** As the proxy that we describe has it. */
const usualArrivalMs = 120_000;
/** Bodies come in pieces of some hundred bytes at least. Each piece costs time and memory, however small it is. */
const freePieces = 256;
const leastPieceBytes = 64;

/** What is known of a route before its body is read. */
interface Reception {
  guards: readonly Guard[];
  rule: BodyRule;
  takesBody: boolean;
}

/**
 * Reads bodies for every route that has one, by the rule that is stated at the route. All guards of the route are
 * asked first, wherever they stand: a caller who may not be here is told so before anything is read. When it has arrived
 * they are asked again. A route without a guard is open: its body is read, whoever sends it.
 */
export function bodies({
  countBytes,
  takesBody = () => true,
  arrivalMs = usualArrivalMs,
}: BodiesOptions = {}): Elysia {
  const plugin = new BodyPlugin({ name: 'bodies' });
  const receptions = new Map<string, Reception>();
  const receptionAt = (method: string, path: string): Reception => {
    const key = `${method} ${path}`;
    const known = receptions.get(key);
    if (known !== undefined) return known;
    const route = plugin.routeAt(method, path);
    const found: Reception = {
      guards: route === undefined ? [] : guardsOf(route),
      rule: bodyRuleOf(route),
      takesBody: takesBody(method, path),
    };
    // The table of routes is finite, so this is, too.
    if (route !== undefined) receptions.set(key, found);
    return found;
  };
  return plugin.onParse({ as: 'global' }, async ({ request, route }) => {
    const reception = receptionAt(request.method, route);
    for (const guard of reception.guards) await guard.judge(request);
    if (request.body === null && !request.headers.has('content-type')) return undefined;
    if (isEmpty(request) && !reception.takesBody) return undefined;
    const { rule } = reception;
    checkMediaType(request, rule);
    const pieces = await readBody(request, { limitBytes: rule.limitBytes, countBytes, arrivalMs });
    // Whoever sends it slowly may have been signed out, locked or made a user like others since they were let in.
    for (const guard of reception.guards) guard.doubt?.(request);
    if (rule.mediaType === 'application/json') return parseJson(Buffer.concat(pieces), rule.maxValues);
    return decodeBody(pieces, request.headers.get('content-type'));
  });
}

/** An app's hooks run before those of its parts, where the guards are: this finds them in the table of routes. */
class BodyPlugin extends Elysia {
  routeAt(method: string, path: string) {
    // A group has a table of its own, in which paths lack what the group puts in front of them.
    const [route] = this.getGlobalRoutes()
      .filter((each) => path.endsWith(each.path) && (each.method === method || each.method === 'ALL'))
      .sort(
        (a, b) => b.path.length - a.path.length || Number(a.method === 'ALL') - Number(b.method === 'ALL'),
      );
    return route;
  }
}

/** Many clients send `content-type: application/json` with every request, even without a body. */
const isEmpty = ({ body, headers }: Request): boolean =>
  headers.get('content-length') === '0' || (body === null && !headers.has('transfer-encoding'));

function checkMediaType(request: Request, { mediaType, otherTypes = [] }: BodyRule): void {
  const contentType = request.headers.get('content-type');
  const given = (contentType ?? '').split(';')[0]?.trim().toLowerCase();
  if (given !== mediaType && !otherTypes.includes(given ?? ''))
    throw new NexusError('unsupported_media_type', `The body must be sent as ${mediaType}.`);
  // JSON has no other characters: read as UTF-8, these would be taken for what they are not.
  if (mediaType === 'application/json' && isOtherThanUtf8(contentType))
    throw new NexusError('unsupported_media_type', 'JSON must be sent as UTF-8.');
  const encoding = request.headers.get('content-encoding')?.trim().toLowerCase() ?? 'identity';
  if (encoding !== 'identity')
    throw new NexusError('unsupported_media_type', 'Compressed bodies are not accepted.');
}

interface Reading {
  countBytes: BodiesOptions['countBytes'];
  limitBytes: number;
  arrivalMs: number;
}

async function readBody(
  request: Request,
  { limitBytes, countBytes, arrivalMs }: Reading,
): Promise<Uint8Array[]> {
  const tooLarge = () =>
    new NexusError('body_too_large', `The body may have at most ${sizeText(limitBytes)}.`);
  if (Number(request.headers.get('content-length') ?? 0) > limitBytes) throw tooLarge();
  if (request.body === null) return [];
  const reader = request.body.getReader();
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    // What was waited for ends as if nothing more came.
    void stop(reader);
  }, arrivalMs);
  const pieces: Uint8Array[] = [];
  let size = 0;
  try {
    // A length that was announced proves nothing: what arrives is counted as it comes.
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      size += read.value.byteLength;
      if (size > limitBytes) throw tooLarge();
      await countBytes?.(request, read.value.byteLength);
      pieces.push(read.value);
      if (pieces.length > freePieces && size < pieces.length * leastPieceBytes)
        throw new NexusError('malformed_body', 'The body came in too many small pieces.');
    }
  } catch (error) {
    await stop(reader);
    throw error;
  } finally {
    clearTimeout(timer);
  }
  if (isLate) throw new NexusError('malformed_body', 'The body took too long to arrive.');
  return pieces;
}

/** Nobody reads what is still on its way. */
const stop = (reader: { cancel(): Promise<void> }): Promise<void> => reader.cancel().catch(() => {});
