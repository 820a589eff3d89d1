import { NexusError } from '#shared/errors.ts';
import type { RecordKind } from '#shared/records/record.ts';
import { createMirrorCache } from '../http/answers/mirror-cache.ts';
import { mirrorMeta } from '../http/answers/mirror-meta.ts';
import type { MirrorMeta } from '../http/answers/model.ts';
import { sizeInCache } from '../http/answers/packed.ts';
import { type ReadyBody, readyBody } from '../http/answers/ready-body.ts';
import type { JsonText } from '../http/contract/answer.ts';
import type { OnDemand } from '../movies/on-demand.ts';
import type { Refreshes } from '../movies/refreshes.ts';
import type { UpstreamState, UpstreamStatus } from '../movies/upstream-status.ts';
import type { NoticeHub } from '../store/notice-hub.ts';
import { isStale, type RecordRow, standingOf } from './record-row.ts';

/** What a reader of a person or a collection gets. If there is none, an error is thrown. */
export type RecordAnswer<Data, Meta> =
  | { kind: 'ready'; body: ReadyBody<Data, MirrorMeta & Meta>; cacheable: boolean }
  | { kind: 'pending' };

export interface ShownRecord<Data, Meta> {
  data: JsonText<Data>;
  meta: Meta;
}

/** How it was found, and how to read what is shown of it where there is something to show. */
export interface FoundRecord<Data, Meta> {
  row: RecordRow;
  /** Costs much more than the row: of what has to be fetched first it is not read. */
  show: (() => Promise<ShownRecord<Data, Meta>>) | undefined;
}

export interface AskedRecord<Data, Meta> {
  id: number;
  /** Under which its answer is kept, beside the id. */
  key: string;
  /** `xx-YY`: the ETag is of it, too. */
  language: string;
  address: string;
  read: () => Promise<FoundRecord<Data, Meta>>;
}

/** Answers from the mirror. If it is missing, asks the worker for it and waits for a limited time. */
export type AnswerRecord = <Data, Meta extends object>(
  asked: AskedRecord<Data, Meta>,
) => Promise<RecordAnswer<Data, Meta>>;

interface AnswerDeps {
  kind: RecordKind;
  hub: NoticeHub;
  upstream: UpstreamStatus;
  onDemand: Pick<OnDemand, 'fetch'>;
  refreshes: Refreshes;
  now: () => number;
}

const maxBytes = 16 * 1024 * 1024;
/** `age_seconds` may lag by this much. */
const maxAgeMs = 60_000;

interface Kept {
  body: ReadyBody<unknown, unknown>;
}

export function createAnswerRecord(deps: AnswerDeps): { answer: AnswerRecord; drop: (id: number) => void } {
  const { kind, hub, upstream, onDemand, refreshes, now } = deps;
  // Movies of others stand in it: the change of any drops it all.
  const cache = createMirrorCache<string, Kept>(hub, {
    maxBytes,
    maxAgeMs,
    sizeOf: ({ body }) => sizeInCache(body),
  });

  /** What is shown while TMDb is away of what is known from movies alone. */
  const listed = createMirrorCache<string, Kept>(hub, {
    maxBytes,
    maxAgeMs,
    sizeOf: ({ body }) => sizeInCache(body),
  });

  type Asked = AskedRecord<unknown, object>;
  const read = async ({ id, key, language, read: select }: Asked) => {
    const found = await select();
    const nowMs = now();
    const standing = standingOf(found.row, nowMs);
    if (standing !== 'mirrored') return { ...found, standing, body: undefined };
    const body = await bodyOf(found, nowMs, { id, language });
    body.again = () => cache.get(`${id}/${key}`)?.body;
    return { ...found, standing, body };
  };
  const bodyOf = async (
    { row, show }: FoundRecord<unknown, object>,
    nowMs: number,
    { id, language }: Pick<Asked, 'id' | 'language'>,
  ) => {
    const { fetched_at_ms: fetchedAtMs, changed } = row;
    if (show === undefined || fetchedAtMs === null) throw new Error(`a mirrored ${kind} has nothing to show`);
    const shown = await show();
    const stale = isStale({ fetchedAtMs, changed }, nowMs);
    const refresh = stale ? refreshes.ask(id) : 'none';
    const meta = { ...mirrorMeta({ fetchedAtMs, stale, refresh }, nowMs), ...shown.meta };
    return readyBody<unknown, unknown>(shown.data, fetchedAtMs, meta, language);
  };
  const load = (asked: Asked) =>
    cache.load(
      `${asked.id}/${asked.key}`,
      () => read(asked),
      ({ body }) => body && { body },
    );
  const withoutUpstream = async (
    { id, key }: Asked,
    { row, show }: FoundRecord<unknown, object>,
    state: UpstreamState,
  ) => {
    const { fetched_at_ms: fetchedAtMs } = row;
    if (row.state !== 'listed' || show === undefined || fetchedAtMs === null)
      throw new NexusError('upstream_unavailable', sentences[kind].away, {
        retryAfterMs: state.retryAfterMs,
      });
    const read = async () => {
      const { data, meta } = await show();
      const stale = mirrorMeta({ fetchedAtMs, stale: true, refresh: 'none' }, now());
      return { body: readyBody<unknown, unknown>(data, fetchedAtMs, { ...stale, ...meta }) };
    };
    const kept = `${id}/${key}`;
    const { body } = listed.get(kept) ?? (await listed.load(kept, read, (found) => found));
    return { kind: 'ready', body, cacheable: false };
  };

  const answer = async (asked: Asked) => {
    const kept = cache.get(`${asked.id}/${asked.key}`);
    if (kept !== undefined) return { kind: 'ready', body: kept.body, cacheable: true };
    const first = await load(asked);
    if (first.standing !== 'missing') return settled(kind, first);
    const before = await upstream.read();
    if (before.away) return withoutUpstream(asked, first, before);
    const outcome = await onDemand.fetch(asked.id, asked.address);
    // Whoever waits looks into the table all the while: a moment later there is nothing new in it.
    const second = outcome === 'late' ? first : await load(asked);
    if (second.standing !== 'missing') return settled(kind, second);
    const after = await upstream.read();
    if (outcome === 'trouble' || after.away) return withoutUpstream(asked, second, after);
    return { kind: 'pending' };
  };
  // A key stands for one reading, and so for one shape: the cache need not know which.
  return { answer: answer as unknown as AnswerRecord, drop: () => cache.clear() };
}

interface Found {
  standing: 'mirrored' | 'gone' | 'absent' | 'missing';
  body: Kept['body'] | undefined;
}

function settled(kind: RecordKind, { standing, body }: Found) {
  const { gone, absent } = sentences[kind];
  if (standing === 'gone') throw new NexusError(gone.code, gone.message);
  if (standing === 'absent' || body === undefined) throw new NexusError(absent.code, absent.message);
  return { kind: 'ready', body, cacheable: true };
}

const away = (what: string) =>
  `TMDb cannot be reached right now, and this ${what} is not mirrored yet. Please try again soon.`;

const sentences = {
  person: {
    gone: { code: 'person_gone', message: 'TMDb has deleted this person.' },
    absent: { code: 'person_not_found', message: 'TMDb has no person with this id.' },
    away: away('person'),
  },
  collection: {
    gone: { code: 'collection_gone', message: 'TMDb has deleted this collection.' },
    absent: { code: 'collection_not_found', message: 'TMDb has no collection with this id.' },
    away: away('collection'),
  },
  company: {
    gone: { code: 'not_found', message: 'TMDb has deleted this company.' },
    absent: { code: 'not_found', message: 'TMDb has no company with this id.' },
    away: away('company'),
  },
} as const;
