/** The request that ends the session of whoever asks, and its answer. */
export interface Ended {
  request: Request;
  set: { headers: Record<string, string | number | undefined> };
}

/** Of what a browser was shown while somebody was signed in, it keeps nothing (over HTTPS, as browsers have it). */
export const forgetAtBrowser = (headers: Ended['set']['headers']): void => {
  headers['clear-site-data'] = '"cache"';
};
