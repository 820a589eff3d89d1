import type { Fetch } from './patient-fetch.js';
/** As the service wants it and says it: a history goes as CSV, and what a proxy says in its place is a failure, too. */
export declare function createPlainFetch(fetch: Fetch): Fetch;
