import type { AskedQuery } from './asked-query.ts';
import type { ReadyDocument } from './document.ts';

/** A request as a route of `/3` sees it. */
export interface TmdbCall {
  params: Readonly<Record<string, string>>;
  query: AskedQuery;
  /** The caller's: found out where it is needed. */
  addressOf(): string;
  /** For what stands in none of these. */
  request: Request;
}

export interface TmdbRoute {
  /** Below `/3/`, as TMDb's reference has it; `:id` stands for one part. */
  path: string;
  /** At once where the answer is ready. @throws {TmdbFailure} */
  answer(call: TmdbCall): ReadyDocument | Promise<ReadyDocument>;
}
