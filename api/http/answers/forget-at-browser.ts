/** Of what a browser was shown while somebody was signed in, it keeps nothing (over HTTPS, as browsers have it). */
export const forgetAtBrowser = (headers: Record<string, string | number | undefined>): void => {
  headers['clear-site-data'] = '"cache"';
};
