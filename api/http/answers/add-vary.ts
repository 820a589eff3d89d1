/** One more header of the request that the answer depends on, beside those of other plugins. */
export function addVary(headers: Record<string, string | number | undefined>, name: string): void {
  headers.vary = headers.vary === undefined ? name : `${headers.vary}, ${name}`;
}
