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
export const responseOf = (made: Made, form: Form, requestId: string): Response | Promise<Response> =>
  makeForm(made, form, (body, status, own) => {
    const headers = reusable(made.headers, form);
    for (const name in own) headers.set(name, own[name] ?? '');
    headers.set(idHeader, requestId);
    return new Response(body, { status, headers });
  });

/** One whose copies are sent (`copyOf`): it costs more to make, and they cost less. */
export const patternOf = (made: Made, form: Form): Response | Promise<Response> =>
  makeForm(
    made,
    form,
    (body, status, own) => new Response(body, { status, headers: { ...made.headers, ...own } }),
  );

/** For one request: to write its id into the pattern costs less than to open the headers of the copy. */
export function copyOf(pattern: Response, requestId: string): Response {
  pattern.headers.set(idHeader, requestId);
  return pattern.clone() as Response;
}

const idHeader = 'x-request-id';

/** @param own headers that only such a body has, in this form: the same names for each */
type MakeResponse = (body: Uint8Array<ArrayBuffer> | null, status: number, own: LaneHeaders) => Response;

/** A promise while it is being packed. */
function makeForm({ body }: Made, form: Form, make: MakeResponse): Response | Promise<Response> {
  const { etag, contentType = 'application/json' } = body;
  if (form === 'unchanged') return make(null, 304, { etag });
  const own = { etag, 'content-type': contentType };
  if (form === 'plain') return make(body.bytes, 200, own);
  const small = packed(body.bytes, form);
  const packedOwn = { ...own, 'content-encoding': form };
  const inPacking = (bytes: Uint8Array<ArrayBuffer>) => make(bytes, 200, packedOwn);
  return small instanceof Promise ? small.then(inPacking) : inPacking(small);
}

const opened = new WeakMap<LaneHeaders, Partial<Record<Form, Headers>>>();

/**
 * Headers that many answers have, as the runtime copies them: read once. What each answer has of its own is written
 * over that of the last one, so each form has some for itself.
 */
function reusable(shared: LaneHeaders, form: Form): Headers {
  const forms = opened.get(shared) ?? {};
  opened.set(shared, forms);
  forms[form] ??= new Headers(shared);
  return forms[form];
}
