/** UTF-16 units: what all browsers take. */
export const longestAddress = 2048;

/** What a browser may be sent to. Of anything else a reader could be led into a script of somebody else's. */
export function webAddress(text: string | null): string | null {
  if (text === null || text.length > longestAddress || /[\s\p{C}\\<>"]/u.test(text)) return null;
  const url = URL.parse(text);
  const isOfTheWeb = url !== null && ['http:', 'https:'].includes(url.protocol);
  return isOfTheWeb && url.username === '' && url.password === '' && /^https?:\/\//i.test(text) ? text : null;
}
