import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Pool } from 'pg';
import { prepared, sql } from '#shared/db/sql.ts';
import type { Log } from '#shared/log.ts';
import { mostEntries } from '#shared/most-entries.ts';
import { queryStore } from '../store/query-store.ts';

/** Paths that this process has named lately, and need not be written down again. */
const remembered = 100_000;
const mostWaiting = 20_000;
const inOneStatement = 2000;
const forgetEveryMs = 24 * 60 * 60_000;

export interface KnownPictures {
  /** An answer names this path: it is written down soon, without anybody waiting for it. */
  note(path: string): void;
  /** All paths in the text of an answer. */
  noteAll(json: string): void;
  /** Whether the mirror's rows hold it, or an answer of the last half year has named it. */
  has(path: string): Promise<boolean>;
}

const knownStatement = prepared<{ path: string; hash: bigint }, { known: boolean }>(
  'picture-is-known',
  ({ path, hash }) => sql`
    select exists (select from named_pictures where hash = ${hash}::bigint)
      or exists (select from movies where poster_path = ${path}::text)
      or exists (select from movies where backdrop_path = ${path}::text) as known`,
);

const noteStatement = prepared<{ hashes: bigint[] }>(
  'picture-note',
  ({ hashes }) => sql`
    insert into named_pictures (hash) select unnest(${hashes}::bigint[])
    on conflict (hash) do update set named_at = current_date where named_pictures.named_at < current_date - 14`,
);

/** Answers are as old as the mirror at most, which keeps nothing for longer than 180 days. */
const forgetStatement = prepared(
  'picture-forget',
  () => sql`delete from named_pictures where named_at < current_date - 200`,
);

/** Which pictures may be fetched: no others than those that the mirror has told somebody of, or holds. */
export function createKnownPictures({ pool, log }: { pool: Pool; log: Log }): KnownPictures {
  const named = new LRUCache<string, true>(mostEntries(remembered));
  let waiting = new Set<string>();
  let writing: Promise<void> | undefined;
  let forgottenAtMs = Number.NEGATIVE_INFINITY;

  const write = async () => {
    while (waiting.size > 0) {
      const paths = [...waiting];
      waiting = new Set();
      for (let start = 0; start < paths.length; start += inOneStatement) {
        // In one order for all processes, so that none waits for another in a circle.
        const hashes = paths.slice(start, start + inOneStatement).map(hashOf);
        await queryStore(pool, noteStatement({ hashes: hashes.sort((a, b) => (a < b ? -1 : 1)) }));
      }
    }
    if (performance.now() - forgottenAtMs < forgetEveryMs) return;
    forgottenAtMs = performance.now();
    await queryStore(pool, forgetStatement());
  };
  const writeSoon = () => {
    writing ??= write()
      .catch((error: unknown) => {
        // They are named again by the next answer.
        named.clear();
        log.warn({ err: error }, 'the paths of pictures could not be written down');
      })
      .finally(() => {
        writing = undefined;
        if (waiting.size > 0) writeSoon();
      });
  };
  const note = (path: string) => {
    if (named.get(path) || waiting.size >= mostWaiting) return;
    named.set(path, true);
    waiting.add(path);
    if (writing === undefined) queueMicrotask(writeSoon);
  };
  const isKnown = async (path: string) => {
    const [row] = await queryStore(pool, knownStatement({ path, hash: hashOf(path) }));
    return row?.known === true;
  };
  return {
    note,
    noteAll(json) {
      for (const [, path = ''] of json.matchAll(/"(\/[\w-]{1,100}\.(?:jpg|png|svg|webp))"/g)) note(path);
    },
    has: async (path) => named.get(path) === true || isKnown(path),
  };
}

const hashOf = (path: string): bigint => createHash('sha256').update(path).digest().readBigInt64BE();
