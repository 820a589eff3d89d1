import type { Fetch } from './patient-fetch.js';
export interface Tokens {
    access_token: string;
    /** `null`: a cookie keeps it (`cookie: true` at sign-in). */
    refresh_token: string | null;
}
/** Where an application keeps its tokens: in memory, or in whatever storage it trusts, which tabs may share. */
export interface TokenStore {
    get(): Tokens | undefined;
    set(tokens: Tokens | undefined): void;
}
interface SignedInFetchOptions {
    fetch: Fetch;
    tokens: TokenStore;
    baseUrl: string;
}
/** Sends the access token along, and where it has expired exchanges the tokens and asks once more. */
export declare function createSignedInFetch({ fetch, tokens, baseUrl }: SignedInFetchOptions): Fetch;
export {};
