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
  if (form === 'plain') return new Response(body.bytes, { headers: typed(made) });
  const small = packed(body.bytes, form);
  const inPacking = (bytes: Uint8Array<ArrayBuffer>) =>
    new Response(bytes, { headers: { ...typed(made), 'content-encoding': form } });
  return small instanceof Promise ? small.then(inPacking) : inPacking(small);
}

const typed = ({ body: { etag, contentType = 'application/json' }, headers }: Made) => {
  return { ...headers, etag, 'content-type': contentType };
};
