import { LRUCache } from 'lru-cache';
import type { Pool } from 'pg';
import { prepared, sql } from '#shared/db/sql.ts';
import type { Log } from '#shared/log.ts';
import { mostEntries } from '#shared/most-entries.ts';
import type { Queues } from '#shared/queues/queue.ts';
import {
  askedAgainAfterMs,
  searchesPerDay,
  type UpstreamSearchOf,
  upstreamSearchKey,
} from '#shared/search/upstream-search-key.ts';
import type { FetchThrottle } from '../../movies/fetch-throttle.ts';
import type { UpstreamStatus } from '../../movies/upstream-status.ts';
import { queryStore } from '../../store/query-store.ts';

/** Fewer than a page may be all there is, or all that the mirror knows of. */
export const thinBelow = 20;
/** Shorter texts are beginnings of what somebody still types. */
const shortestText = 3;
const longestText = 100;

interface ThinSearchesDeps {
  pool: Pool;
  queues: Pick<Queues, 'enqueue'>;
  upstream: Pick<UpstreamStatus, 'read'>;
  throttle: FetchThrottle;
  log: Log;
}

export interface ThinSearches {
  /** The mirror had little: the worker asks TMDb, so that the next search knows more. Never waits and never fails. */
  askFor(search: UpstreamSearchOf, address: string): void;
}

const dueStatement = prepared<{ key: string }, { due: boolean }>(
  'api-facade-thin-search',
  ({ key }) => sql`
    select not exists (
      select 1 from upstream_searches
      where key = ${key} and asked_at > now() - ${askedAgainAfterMs} * interval '1 millisecond'
    ) and (select count(*) from upstream_searches where asked_at > now() - interval '1 day') < ${searchesPerDay} as due`,
);

const rememberedMs = 3_600_000;
const mostRemembered = 10_000;
/** The queue and the store are asked for a few at the same time. What is beyond is asked for with the next search. */
const mostAtOnce = 20;

export function createThinSearches({
  pool,
  queues,
  upstream,
  throttle,
  log,
}: ThinSearchesDeps): ThinSearches {
  const asked = new LRUCache<string, true>({ ...mostEntries(mostRemembered), ttl: rememberedMs });
  let running = 0;
  const ask = async (key: string, search: UpstreamSearchOf, address: string) => {
    if ((await upstream.read()).away) {
      asked.delete(key);
      return;
    }
    const [row] = await queryStore(pool, dueStatement({ key }));
    if (row?.due !== true) return;
    await throttle(address);
    const { kind, query, year, filters } = search;
    await queues.enqueue('movies.search', {
      key,
      ...(kind === undefined ? {} : { kind }),
      ...(query === undefined ? {} : { query }),
      ...(year === undefined ? {} : { year }),
      ...(filters === undefined ? {} : { filters }),
    });
  };
  return {
    askFor(search, address) {
      const length = search.query?.trim().length ?? shortestText;
      if (length < shortestText || length > longestText || running >= mostAtOnce) return;
      const key = upstreamSearchKey(search);
      if (asked.has(key)) return;
      asked.set(key, true);
      running++;
      ask(key, search, address)
        .catch((error) => {
          asked.delete(key);
          log.debug({ err: error }, 'a thin search is not asked for upstream');
        })
        .finally(() => {
          running--;
        });
    },
  };
}
