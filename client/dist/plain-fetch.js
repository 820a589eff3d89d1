/** As the service wants it and says it: a history goes as CSV, and what a proxy says in its place is a failure, too. */
export function createPlainFetch(fetch) {
    return async (request) => {
        const response = await fetch(isImport(request) ? asCsv(request) : request);
        return response.status < 400 || isJson(response) ? response : saidByOthers(response);
    };
}
const isImport = ({ method, url }) => method === 'POST' && new URL(url).pathname.endsWith('/api/user/import');
function asCsv(request) {
    const headers = new Headers(request.headers);
    headers.set('content-type', 'text/csv');
    return new Request(request, { headers });
}
const isJson = ({ headers }) => (headers.get('content-type') ?? '').includes('json');
/** What is meant by what others than the service say. */
const codes = {
    403: 'forbidden',
    404: 'route_not_found',
    413: 'body_too_large',
    429: 'too_many_requests',
};
/** With its status and headers, so that `Retry-After` is not lost. */
function saidByOthers(response) {
    const { status, headers } = response;
    const body = {
        status: 'error',
        message: 'The service cannot be reached right now.',
        code: codes[status] ?? 'unavailable',
        request_id: headers.get('x-request-id') ?? '',
    };
    void response.body?.cancel();
    const kept = new Headers(headers);
    for (const name of ['content-length', 'content-encoding'])
        kept.delete(name);
    kept.set('content-type', 'application/json');
    return new Response(JSON.stringify(body), { status, headers: kept });
}
