import { createMirrorCache } from '../../http/answers/mirror-cache.ts';
import { sizeInCache } from '../../http/answers/packed.ts';
import { createReadyCache } from '../../http/answers/ready-cache.ts';
import type { NoticeHub } from '../../store/notice-hub.ts';
import { documentOf, type ReadyDocument } from './document.ts';

const mebibyte = 1024 * 1024;
const maxAgeMs = 10 * 60_000;
/** However small a document is: so that there are few enough of them to be looked through at every notice. */
const leastSize = 4096;

const sizeOf = (document: ReadyDocument) => Math.max(leastSize, sizeInCache(document));

export interface Documents {
  /** What is made of one movie: kept until that changes. */
  ofMovie(tmdbId: number, key: string, read: () => Promise<string>): ReadyDocument | Promise<ReadyDocument>;
  /** What is made of many movies, or of a list. */
  ofMirror(key: string, read: () => Promise<string>): ReadyDocument | Promise<ReadyDocument>;
}

/** Browsers and proxies may keep an answer so long. */
const movieSeconds = 600;
const listSeconds = 300;

/** Answers of `/3` that are ready. However many ways there are to ask, they take no more room than this. */
export function createDocuments(hub: NoticeHub): Documents {
  const movies = createReadyCache<string, ReadyDocument>({
    maxBytes: 64 * mebibyte,
    maxAgeMs,
    sizeOf,
    trusted: () => hub.connected,
  });
  const lists = createMirrorCache<string, ReadyDocument>(hub, { maxBytes: 32 * mebibyte, maxAgeMs, sizeOf });
  hub.subscribe({
    onGap: () => movies.clear(),
    onNotice(notice) {
      if (notice.kind === 'list') movies.clear();
      if (notice.kind !== 'movies') return;
      const changed = new Set(notice.ids);
      movies.dropWhere((key) => changed.has(Number.parseInt(key, 10)));
    },
  });
  const kept = (cache: typeof movies, key: string, read: () => Promise<ReadyDocument>) =>
    cache.get(key) ?? cache.load(key, read, (document) => document);
  return {
    ofMovie: (tmdbId, key, read) =>
      kept(movies, `${tmdbId} ${key}`, async () => documentOf(await read(), movieSeconds)),
    ofMirror: (key, read) => kept(lists, key, async () => documentOf(await read(), listSeconds)),
  };
}
