import type { Pool } from 'pg';
import type { Statement } from '#shared/db/sql.ts';
import { NexusError } from '#shared/errors.ts';
import { type LaggingReads, readFrom } from '../../store/lagging-reads.ts';
import type { NoticeHub } from '../../store/notice-hub.ts';
import { selectOne } from '../../store/select-one.ts';
import { breakerOf } from '../../store/store-breaker.ts';
import type { JsonText } from '../contract/answer.ts';
import { createMirrorCache } from './mirror-cache.ts';
import { mirrorMeta } from './mirror-meta.ts';
import type { MirrorMeta } from './model.ts';
import { sizeInCache } from './packed.ts';
import { type ReadyBody, readyBody, withMeta } from './ready-body.ts';

/** What every list's statement selects, at least. */
export interface ListReading<Item> {
  /** When the list was last taken over whole; null if never. */
  fetched_at_ms: number | null;
  total: number;
  data: JsonText<Item[]>;
  /** What the last row shown is sorted by, in a list that goes on; null at the end. */
  next_key?: readonly (string | number | null)[] | null;
  /** Whether hardly anybody asks for it (`ready-cache.ts`). */
  odd?: boolean;
}

/** A list that one statement reads. */
interface StatedList<Item> {
  statement: Statement<ListReading<Item>>;
}

/** A list that takes more than one. */
interface ReadList<Item> {
  read: (pool: Pool) => Promise<ListReading<Item>>;
}

export type AskedList<Item, Meta> = (StatedList<Item> | ReadList<Item>) & {
  /** Under which its answer is kept. */
  key: string;
  /** `xx-YY`: what it is asked for in, where it has texts. The key is of it, too. */
  language?: string;
  staleAfterMs: number;
  /** What stands in `meta` beside what all mirrored reads have. */
  metaOf: (reading: ListReading<Item>) => Meta;
};

export type ListReads = <Item, Meta extends object>(
  asked: AskedList<Item, Meta>,
) => Promise<ReadyBody<Item[], MirrorMeta & Meta>>;

interface ReadyList {
  body: ReadyBody<unknown[], unknown>;
  readonly fetchedAtMs: number;
  readonly meta: object;
  renderAgainAtMs: number;
  readonly odd: boolean;
}

const maxBytes = 16 * 1024 * 1024;
const maxAgeMs = 10 * 60_000;
const renderedForMs = 60_000;
const neverSyncedRetryMs = 5000;
/** In place of the age at which a list is stale. */
const neverFresh = Number.NEGATIVE_INFINITY;

/**
 * Reads lists of the mirror, ready to be sent. Any change of any movie or list drops them all; while movies change all
 * the time, one that is asked for again and again is read again before that, and nobody waits for it.
 */
export function createListReads(deps: {
  pool: Pool;
  hub: NoticeHub;
  now: () => number;
  reads?: LaggingReads;
}): ListReads {
  const { pool, hub, now, reads = readFrom(pool) } = deps;
  const cache = createMirrorCache<string, ReadyList>(hub, {
    maxBytes,
    maxAgeMs,
    sizeOf: (list) => sizeInCache(list.body),
    isOdd: ({ odd }) => odd,
    bytesOf: ({ body }) => body.bytes,
  });

  const fromDatabase = async (asked: AskedList<unknown, object>): Promise<ReadyList> => {
    const { staleAfterMs, metaOf, language } = asked;
    const reading = await reads.run((from) =>
      'read' in asked ? asked.read(from) : selectOne(from, asked.statement),
    );
    const { fetched_at_ms: fetchedAtMs, data, odd = false } = reading;
    if (fetchedAtMs === null)
      throw new NexusError('upstream_unavailable', 'This list has not been fetched from TMDb yet.', {
        retryAfterMs: neverSyncedRetryMs,
      });
    const meta = metaOf(reading);
    const rendered = render({ fetchedAtMs, meta }, staleAfterMs, now());
    const body = readyBody<unknown[], unknown>(data, fetchedAtMs, rendered.meta, language);
    const readAgain = () => fromDatabase(asked);
    body.again = () => again(asked.key, readAgain);
    return { body, fetchedAtMs, meta, odd, renderAgainAtMs: rendered.againAtMs };
  };

  const again = (key: string, readAgain: () => Promise<ReadyList>) => {
    const list = cache.getAndRenew(key, readAgain);
    return list === undefined || now() >= list.renderAgainAtMs ? undefined : list.body;
  };

  /** What is kept, rendered again where its age has changed. */
  const ready = (asked: AskedList<unknown, object>): ReadyList['body'] | undefined => {
    const { key, staleAfterMs } = asked;
    const list = cache.getAndRenew(key, () => fromDatabase(asked));
    if (list === undefined || now() < list.renderAgainAtMs) return list?.body;
    const rendered = render(list, staleAfterMs, now());
    list.body = withMeta(list.body, rendered.meta);
    list.renderAgainAtMs = rendered.againAtMs;
    return list.body;
  };

  const read = async (asked: AskedList<unknown, object>): Promise<ReadyList['body']> => {
    const kept = ready(asked);
    if (kept !== undefined) return kept;
    // While the database answers nobody, something outdated is better than nothing.
    const last = breakerOf(pool).isOpen ? cache.last(asked.key) : undefined;
    if (last !== undefined) return withMeta(last.body, render(last, neverFresh, now()).meta);
    return (
      await cache.load(
        asked.key,
        () => fromDatabase(asked),
        (list) => list,
      )
    ).body;
  };
  // A key stands for one list, and so for one shape: the cache need not know which.
  return read as unknown as ListReads;
}

function render(list: Pick<ReadyList, 'fetchedAtMs' | 'meta'>, staleAfterMs: number, nowMs: number) {
  const staleAtMs = list.fetchedAtMs + staleAfterMs;
  const stale = nowMs > staleAtMs;
  // Lists are refreshed by their schedule: a read asks for nothing.
  const meta = mirrorMeta({ fetchedAtMs: list.fetchedAtMs, stale, refresh: 'none' }, nowMs);
  const againAtMs = stale ? nowMs + renderedForMs : Math.min(nowMs + renderedForMs, staleAtMs + 1);
  return { meta: { ...meta, ...list.meta }, againAtMs };
}
