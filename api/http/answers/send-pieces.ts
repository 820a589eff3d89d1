import type { Answer, JsonPieces } from '../contract/answer.ts';

interface Exchange {
  set: { headers: Record<string, string | number | undefined> };
}

/** Answers with JSON that is too long to be held whole: as it is read, and no faster than it is taken. */
export function sendPieces<Data>({ set }: Exchange, data: JsonPieces<Data>): Answer<Data> {
  set.headers['content-type'] = 'application/json';
  return new Response(enveloped(data)) as never;
}

function enveloped(data: AsyncIterable<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const pieces = (async function* () {
    yield '{"status":"success","data":';
    yield* data;
    yield '}';
  })();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await pieces.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    // The caller has left. That nothing can be closed in order any more concerns nobody.
    cancel: () =>
      pieces.return(undefined).then(
        () => {},
        () => {},
      ),
  });
}
