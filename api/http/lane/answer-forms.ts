import { leastPackedBytes, type Packing, packed, packingFor } from '../answers/packed.ts';
import type { ReadyBytes } from '../answers/ready-body.ts';
import { matchesEtag } from '../answers/send-ready.ts';

/** Bytes in a packing or as they are, or no bytes for whoever has them already. */
export type Form = Packing | 'plain' | 'unchanged';

export type LaneHeaders = Readonly<Record<string, string>>;

/** A body, and the headers of its answers that are the same in each form. */
interface Made {
  body: ReadyBytes;
  headers: LaneHeaders;
}

export const isLong = (length: number): boolean => length >= leastPackedBytes;

export function formFor(request: Request, body: ReadyBytes): Form {
  const known = request.headers.get('if-none-match');
  if (known !== null && matchesEtag(known, body.etag)) return 'unchanged';
  return (isLong(body.bytes.length) ? packingFor(request) : undefined) ?? 'plain';
}

/** A promise while it is being packed. */
export function responseOf(made: Made, form: Form): Response | Promise<Response> {
  const { body, headers } = made;
  if (form === 'unchanged')
    return new Response(null, { status: 304, headers: { ...headers, etag: body.etag } });
  if (form === 'plain') return typed(made, body.bytes);
  const small = packed(body.bytes, form);
  const inPacking = (bytes: Uint8Array<ArrayBuffer>) => {
    const response = typed(made, bytes);
    response.headers.set('content-encoding', form);
    return response;
  };
  return small instanceof Promise ? small.then(inPacking) : inPacking(small);
}

function typed(
  { body: { etag, contentType = 'application/json' }, headers }: Made,
  bytes: Uint8Array<ArrayBuffer>,
) {
  const response = new Response(bytes, { headers: copyable(headers) });
  response.headers.set('etag', etag);
  response.headers.set('content-type', contentType);
  return response;
}

const copies = new WeakMap<LaneHeaders, Headers>();

/** The runtime copies headers that it has read already: many answers have the same ones. */
function copyable(headers: LaneHeaders): Headers {
  const known = copies.get(headers);
  if (known !== undefined) return known;
  const read = new Headers(headers);
  copies.set(headers, read);
  return read;
}
