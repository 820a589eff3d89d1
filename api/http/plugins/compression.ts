import { Elysia } from 'elysia';
import { addVary } from '../answers/add-vary.ts';
import { leastPackedBytes, type Packing, packed, packingFor } from '../answers/packed.ts';

const encoder = new TextEncoder();
/** Pictures are packed already. */
const isPackable = /^(text\/|application\/(json|javascript|xml)|image\/svg)/;

interface Exchange {
  request: Request;
  set: { headers: Record<string, string | number | undefined>; status?: number | string };
}

/**
 * Packs what routes answer with and is long: JSON, pages, scripts. Ready bodies come packed already; what is a
 * `Response` (streams, redirects) goes out as it is.
 */
export function compression() {
  return new Elysia({ name: 'compression' }).mapResponse(
    { as: 'global' },
    // The framework waits only for what is written as `async`, and on failures it takes `undefined` for an answer.
    async ({ request, set, responseValue }) => await pack({ request, set }, responseValue),
  );
}

/** @returns what to send: packed, or as it came */
async function pack({ request, set }: Exchange, value: unknown): Promise<Response> {
  const asItCame = value as Response;
  const { headers } = set;
  if (headers['content-encoding'] !== undefined) return asItCame;
  if (value instanceof Blob) return packFile({ request, set }, value);
  const body = bodyOf(value, headers['content-type']);
  if (body === undefined || body.bytes.length < leastPackedBytes || !isPackable.test(body.type))
    return asItCame;
  if (!hasVary(headers.vary)) addVary(headers, 'Accept-Encoding');
  const packing = packingFor(request);
  if (packing === undefined) return asItCame;
  headers['content-type'] = body.type;
  headers['content-encoding'] = packing;
  return new Response(await packed(body.bytes, packing), {
    status: typeof set.status === 'number' ? set.status : 200,
  });
}

/** Files are shared blobs, of which each answer sends the same bytes: so are their packed forms. */
const packedFiles: Readonly<Record<Packing, WeakMap<Blob, Promise<Blob>>>> = {
  gzip: new WeakMap(),
  zstd: new WeakMap(),
};

async function packFile({ request, set }: Exchange, file: Blob): Promise<Response> {
  const { headers } = set;
  const asItCame = file as unknown as Response;
  const type = String(headers['content-type'] ?? file.type);
  if (file.size < leastPackedBytes || !isPackable.test(type)) return asItCame;
  if (!hasVary(headers.vary)) addVary(headers, 'Accept-Encoding');
  const packing = packingFor(request);
  if (packing === undefined) return asItCame;
  const forms = packedFiles[packing];
  const form =
    forms.get(file) ?? file.bytes().then(async (bytes) => new Blob([await packed(bytes, packing)]));
  forms.set(file, form);
  form.catch(() => forms.delete(file));
  headers['content-type'] = type;
  headers['content-encoding'] = packing;
  return new Response(await form, { status: typeof set.status === 'number' ? set.status : 200 });
}

const hasVary = (vary: string | number | undefined) => /accept-encoding/i.test(String(vary ?? ''));

function bodyOf(
  value: unknown,
  type: string | number | undefined,
): { bytes: Uint8Array; type: string } | undefined {
  if (value instanceof Uint8Array) return { bytes: value, type: String(type ?? 'application/octet-stream') };
  if (typeof value === 'string')
    return { bytes: encoder.encode(value), type: String(type ?? 'text/plain;charset=utf-8') };
  if (!isPlain(value)) return undefined;
  return {
    bytes: encoder.encode(JSON.stringify(value)),
    type: String(type ?? 'application/json;charset=utf-8'),
  };
}

/** An object or a list as routes make them; not one of the framework's or the runtime's own. */
function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || Array.isArray(value);
}
