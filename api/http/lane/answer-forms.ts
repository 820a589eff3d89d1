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

/** How an answer is made that is sent once: most of its time goes into reading headers that others had before it. */
export const responseOf = (made: Made, form: Form): Response | Promise<Response> =>
  makeForm(made, form, (bytes, shared, own) => {
    const response = new Response(bytes, { headers: copyable(shared) });
    for (const [name, value] of Object.entries(own)) response.headers.set(name, value);
    return response;
  });

/** One whose copies are sent: it costs more to make, and they cost less. */
export const patternOf = (made: Made, form: Form): Response | Promise<Response> =>
  makeForm(made, form, (bytes, shared, own) => new Response(bytes, { headers: { ...shared, ...own } }));

/** @param shared headers that others of its kind have, too */
type MakeResponse = (bytes: Uint8Array<ArrayBuffer>, shared: LaneHeaders, own: LaneHeaders) => Response;

/** A promise while it is being packed. */
function makeForm({ body, headers }: Made, form: Form, make: MakeResponse): Response | Promise<Response> {
  const { etag, contentType = 'application/json' } = body;
  if (form === 'unchanged') return new Response(null, { status: 304, headers: { ...headers, etag } });
  const own = { etag, 'content-type': contentType };
  if (form === 'plain') return make(body.bytes, headers, own);
  const small = packed(body.bytes, form);
  const packedOwn = { ...own, 'content-encoding': form };
  const inPacking = (bytes: Uint8Array<ArrayBuffer>) => make(bytes, headers, packedOwn);
  return small instanceof Promise ? small.then(inPacking) : inPacking(small);
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
