import type { RecordKind } from '#shared/records/record.ts';
import { createMirrorCache } from '../../http/answers/mirror-cache.ts';
import { sizeInCache } from '../../http/answers/packed.ts';
import { createReadyCache } from '../../http/answers/ready-cache.ts';
import type { NoticeHub } from '../../store/notice-hub.ts';
import { basisHeaders, documentOf, type MadeDocument, type ReadyDocument } from './document.ts';

const mebibyte = 1024 * 1024;
const maxAgeMs = 10 * 60_000;
/** However small a document is: its key and its place take room, too. */
const leastSize = 2048;

const sizeOf = (document: ReadyDocument) => Math.max(leastSize, sizeInCache(document));

type Answer = ReadyDocument | Promise<ReadyDocument>;
type Make = () => Promise<string | MadeDocument>;

export interface Documents {
  /** What is made of one movie: kept until that changes. */
  ofMovie(tmdbId: number, key: string, make: Make): Answer;
  /** What is made of one person, collection or company. Names of its movies may be as old as the entry. */
  ofRecord(kind: RecordKind, id: number, key: string, make: Make): Answer;
  dropRecord(kind: RecordKind, id: number): void;
  /** What is made of many movies, or of a list. */
  ofMirror(key: string, make: Make): Answer;
  /** The same where another answer is due though nothing has changed: the next who ask may not just get it again. */
  ofMoment(key: string, make: Make): Answer;
}

/** Browsers and proxies may keep an answer so long. */
const movieSeconds = 600;
const listSeconds = 300;

/** What stands before the first blank of a key: all that is made of one thing. */
const groupOf = (key: string) => key.slice(0, key.indexOf(' '));

/** Answers of `/3` that are ready. However many ways there are to ask, they take no more room than this. */
export function createDocuments(hub: NoticeHub, now: () => number): Documents {
  const options = { maxAgeMs, sizeOf, trusted: () => hub.connected };
  const movies = createReadyCache<string, ReadyDocument>({ ...options, maxBytes: 64 * mebibyte }, groupOf);
  const records = createReadyCache<string, ReadyDocument>({ ...options, maxBytes: 16 * mebibyte }, groupOf);
  const lists = createMirrorCache<string, ReadyDocument>(hub, {
    maxBytes: 32 * mebibyte,
    maxAgeMs,
    sizeOf,
    bytesOf: ({ bytes }) => bytes,
  });
  hub.subscribe({
    onGap() {
      movies.clear();
      records.clear();
    },
    onNotice(notice) {
      if (notice.kind === 'list') movies.clear();
      if (notice.kind === 'movies') for (const id of notice.ids) movies.dropGroup(String(id));
    },
  });
  const itself = (document: ReadyDocument) => document;
  const readerOf =
    (make: Make, maxAgeSeconds: number, again?: () => ReadyDocument | undefined) => async () => {
      const made = await make();
      const { text, ...basis } = typeof made === 'string' ? { text: made } : made;
      return { ...documentOf(text, maxAgeSeconds), ownHeaders: () => basisHeaders(basis, now()), again };
    };
  const kept = (cache: typeof movies, key: string, read: () => Promise<ReadyDocument>): Answer =>
    cache.get(key) ?? cache.load(key, read, itself);
  const ofOne = (cache: typeof movies, key: string, make: Make) =>
    kept(
      cache,
      key,
      readerOf(make, movieSeconds, () => cache.get(key)),
    );
  const ofMany = (key: string, make: Make, isSame = true) => {
    const again = () => lists.getAndRenew(key, read);
    const read = readerOf(make, listSeconds, isSame ? again : undefined);
    return again() ?? lists.load(key, read, itself);
  };
  return {
    ofMovie: (tmdbId, key, make) => ofOne(movies, `${tmdbId} ${key}`, make),
    ofRecord: (kind, id, key, make) => ofOne(records, `${kind}/${id} ${key}`, make),
    dropRecord: (kind, id) => records.dropGroup(`${kind}/${id}`),
    ofMirror: (key, make) => ofMany(key, make),
    ofMoment: (key, make) => ofMany(key, make, false),
  };
}
