export type Fetch = (request: Request) => Promise<Response>;
interface PatientFetchOptions {
    fetch: Fetch;
    waitMs: number;
}
/** Asks again for what is being fetched, when the service says to, until it is there or the time is up. */
export declare function createPatientFetch({ fetch, waitMs }: PatientFetchOptions): Fetch;
export {};
