import { LRUCache } from 'lru-cache';
import type { Pool } from 'pg';
import { prepared, sql } from '#shared/db/sql.ts';
import { mostEntries } from '#shared/most-entries.ts';
import type { NoticeHub } from '../../store/notice-hub.ts';
import { queryStore } from '../../store/query-store.ts';
import { hashOfKey } from './make-key.ts';

export interface KnownKey {
  id: string;
  name: string;
}

export interface KnownKeys {
  /** What is known of a key without asking the store: `null` is no key, `undefined` is not known. */
  peek(text: string): KnownKey | null | undefined;
  find(text: string): Promise<KnownKey | null>;
}

/** A key that somebody deleted by hand opens nothing after this. */
const believedForMs = 30_000;
const mostKnown = 10_000;
/** Longer than any key of ours, or of TMDb's. */
const longest = 1000;

const findStatement = prepared<{ hash: Buffer }, KnownKey & { is_due: boolean }>(
  'api-facade-key',
  ({ hash }) => sql`
    select id, name, last_used_at is null or last_used_at < now() - interval '1 hour' as is_due
    from facade_keys where api_key_hash = ${hash} or token_hash = ${hash}`,
);

const usedStatement = prepared<{ id: string }>(
  'api-facade-key-used',
  ({ id }) => sql`update facade_keys set last_used_at = now() where id = ${id}`,
);

/**
 * Keys by what callers send. What is no key is remembered, too, so that asking again costs nothing. Whoever issues or
 * revokes one tells all processes, which forget them all. While it is in doubt that this is heard, each key is read.
 */
export function createKnownKeys({ pool, hub }: { pool: Pool; hub: NoticeHub }): KnownKeys {
  const known = new LRUCache<string, { key: KnownKey | null }>({
    ...mostEntries(mostKnown),
    ttl: believedForMs,
  });
  let changes = 0;
  const forget = () => {
    changes += 1;
    known.clear();
  };
  hub.subscribe({ onGap: forget, onNotice: ({ kind }) => kind === 'keys' && forget() });
  const canBelieve = () => hub.peers?.canBelieve ?? false;
  return {
    peek: (text) => (canBelieve() ? known.get(text)?.key : undefined),
    async find(text) {
      if (text.length > longest) return null;
      const before = changes;
      const [found] = await queryStore(pool, findStatement({ hash: hashOfKey(text) }));
      const key = found === undefined ? null : { id: found.id, name: found.name };
      // What was read before a change is not kept after it.
      if (changes === before) known.set(text, { key });
      // When it was used is good to know, and nobody waits for it.
      if (found?.is_due) queryStore(pool, usedStatement({ id: found.id })).catch(() => {});
      return key;
    },
  };
}
