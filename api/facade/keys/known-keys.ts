import { LRUCache } from 'lru-cache';
import type { Pool } from 'pg';
import { prepared, sql } from '#shared/db/sql.ts';
import { mostEntries } from '#shared/most-entries.ts';
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
  /** A key was issued or revoked: this process knows at once, the others within half a minute. */
  forget(): void;
}

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

/** Keys by what callers send. What is no key is remembered, too, so that asking again costs nothing. */
export function createKnownKeys({ pool }: { pool: Pool }): KnownKeys {
  const known = new LRUCache<string, { key: KnownKey | null }>({
    ...mostEntries(mostKnown),
    ttl: believedForMs,
  });
  return {
    peek: (text) => known.get(text)?.key,
    async find(text) {
      if (text.length > longest) return null;
      const [found] = await queryStore(pool, findStatement({ hash: hashOfKey(text) }));
      const key = found === undefined ? null : { id: found.id, name: found.name };
      known.set(text, { key });
      // When it was used is good to know, and nobody waits for it.
      if (found?.is_due) queryStore(pool, usedStatement({ id: found.id })).catch(() => {});
      return key;
    },
    forget: () => known.clear(),
  };
}
