/** How often each endpoint (its template, never a URL) was answered with each status; `failed`: no answer came. */
export type RequestStats = Record<string, Record<string, number>>;

export class RequestCounter {
  readonly #counts: RequestStats = {};

  count(endpoint: string, status: number | 'failed'): void {
    this.#counts[endpoint] ??= {};
    const counts = this.#counts[endpoint];
    counts[status] = (counts[status] ?? 0) + 1;
  }

  read(): RequestStats {
    return structuredClone(this.#counts);
  }
}
