import createClient from 'openapi-fetch';
import { createPatientFetch } from './patient-fetch.js';
import { createPlainFetch } from './plain-fetch.js';
import { createSignedInFetch } from './signed-in-fetch.js';
/**
 * A typed client of the API: `client.GET('/api/movies/{tmdb_movie_id}', …)` gives `{ data, error, response }`, where
 * `error` is the envelope of a failure with its `code`. Tokens are sent along, and exchanged once when they have expired.
 */
export function createNexusClient(options) {
    const { baseUrl, tokens, waitForPendingMs = 0, fetch = (request) => globalThis.fetch(request) } = options;
    const base = baseUrl.replace(/\/+$/, '');
    const patient = createPatientFetch({ fetch: createPlainFetch(fetch), waitMs: waitForPendingMs });
    const signedIn = tokens === undefined ? patient : createSignedInFetch({ fetch: patient, tokens, baseUrl: base });
    return createClient({ baseUrl: base, fetch: signedIn, bodySerializer });
}
/** Text goes as it is. */
const bodySerializer = (body) => (typeof body === 'string' ? body : JSON.stringify(body));
