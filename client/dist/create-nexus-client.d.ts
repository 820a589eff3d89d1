import type { components, paths } from './schema.js';
import { type TokenStore } from './signed-in-fetch.js';
export interface NexusClientOptions {
    /** Where the service is: `https://nexus.example.org`. */
    baseUrl: string;
    /** Where the tokens of whoever is signed in are kept; without it every call is a visitor's. */
    tokens?: TokenStore;
    /** How long a call goes on asking for a movie that is being fetched (202 `fetch_pending`); 0: not at all. */
    waitForPendingMs?: number;
    fetch?: (request: Request) => Promise<Response>;
}
/** What went wrong, as every route says it. */
export type NexusFailure = components['schemas']['Failure'];
export type Schemas = components['schemas'];
/**
 * A typed client of the API: `client.GET('/api/movies/{tmdb_movie_id}', …)` gives `{ data, error, response }`, where
 * `error` is the envelope of a failure with its `code`. Tokens are sent along, and exchanged once when they have expired.
 */
export declare function createNexusClient(options: NexusClientOptions): import("openapi-fetch").Client<paths, `${string}/${string}`>;
export type NexusClient = ReturnType<typeof createNexusClient>;
