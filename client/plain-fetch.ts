import type { Fetch } from './patient-fetch.ts';

/** As the service wants it and says it: a history goes as CSV, and what a proxy says in its place is a failure, too. */
export function createPlainFetch(fetch: Fetch): Fetch {
  return async (request) => {
    const response = await fetch(isImport(request) ? asCsv(request) : request);
    return response.status < 400 || isJson(response) ? response : unavailable(response);
  };
}

const isImport = ({ method, url }: Request) =>
  method === 'POST' && new URL(url).pathname.endsWith('/api/user/import');

function asCsv(request: Request): Request {
  const headers = new Headers(request.headers);
  headers.set('content-type', 'text/csv');
  return new Request(request, { headers });
}

const isJson = ({ headers }: Response) => (headers.get('content-type') ?? '').includes('json');

/** With its status and headers, so that `Retry-After` is not lost. */
function unavailable({ status, headers }: Response): Response {
  const body = {
    status: 'error',
    message: 'The service cannot be reached right now.',
    code: 'unavailable',
    request_id: headers.get('x-request-id') ?? '',
  };
  const kept = new Headers(headers);
  for (const name of ['content-length', 'content-encoding']) kept.delete(name);
  kept.set('content-type', 'application/json');
  return new Response(JSON.stringify(body), { status, headers: kept });
}
