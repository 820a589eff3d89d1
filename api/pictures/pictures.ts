import { join } from 'node:path';
import { LRUCache } from 'lru-cache';
import type { Pool } from 'pg';
import type { Registry } from 'prom-client';
import type { Log } from '#shared/log.ts';
import { drawPicture } from './drawing/draw-picture.ts';
import { createKnownPictures, type KnownPictures } from './known-pictures.ts';
import { createPictureCache } from './picture-cache.ts';
import { openPictureFolder } from './picture-folder.ts';
import { createPictureMetrics } from './picture-metrics.ts';
import type { PictureName } from './picture-name.ts';
import { findPictureSubject } from './picture-subjects.ts';

const mebibyte = 1024 * 1024;
const daySeconds = 86_400;
const yearSeconds = 365 * daySeconds;
const drawnKept = 2000;
/** Titles and genres change seldom. */
const drawnForMs = 60 * 60_000;

export interface ServedPicture {
  body: string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>;
  length: number;
  type: string;
  etag: string;
  maxAgeSeconds: number;
  /** TMDb never puts another picture at a path. */
  isForever: boolean;
}

export interface Pictures {
  /** Whether URLs of pictures lead here. */
  isServedHere: () => boolean;
  /** `undefined` where there is none. @throws {NexusError} `not_found`, `upstream_unavailable`, `unavailable` */
  read(picture: PictureName): Promise<ServedPicture | undefined>;
  /** Where what is named must be known; `undefined` where nothing is fetched. */
  known: KnownPictures | undefined;
}

interface PicturesDeps {
  pool: Pool;
  imageBaseUrl: string;
  imageCacheMb: number;
  /** Where no other address of pictures was set, those of the sandbox are drawn: TMDb has none of them. */
  isDrawn: () => boolean;
  dataDir?: string | undefined;
  metrics: Registry;
  log: Log;
  stopping: AbortSignal;
  now: () => number;
}

/** A poster looks the same in every language. */
const seedOf = (path: string) => path.replace(/-[a-z]{2}(?=\.\w+$)/, '');

/** The pictures that we serve: drawn for the sandbox, TMDb's with `IMAGE_CACHE_MB`, else none. */
export function createPictures(deps: PicturesDeps): Pictures {
  const { pool, imageBaseUrl, imageCacheMb, isDrawn, dataDir, log, stopping, now } = deps;
  const folder =
    imageCacheMb > 0 && dataDir !== undefined
      ? openPictureFolder({ path: join(dataDir, 'pictures'), maxBytes: imageCacheMb * mebibyte, now })
      : undefined;
  stopping.addEventListener('abort', () => folder?.[Symbol.dispose](), { once: true });
  const metrics = createPictureMetrics(deps.metrics, () => folder?.bytes ?? 0);
  const known = folder && createKnownPictures({ pool, log });
  const cached =
    folder &&
    known &&
    createPictureCache({ imageBaseUrl, folder, isKnown: known.has, metrics, log, stopping });
  const drawn = new LRUCache<string, ServedPicture>({ max: drawnKept, ttl: drawnForMs });
  const draw = async ({ size, path }: PictureName): Promise<ServedPicture | undefined> => {
    const key = size + path;
    const ready = drawn.get(key);
    if (ready !== undefined) return ready;
    const subject = await findPictureSubject(pool, path);
    if (subject === undefined) return undefined;
    const svg = drawPicture(subject, { seed: seedOf(path), size });
    const picture = {
      body: svg,
      length: svg.length,
      type: 'image/svg+xml;charset=utf-8',
      etag: `W/"${Bun.hash.wyhash(svg).toString(36)}"`,
      maxAgeSeconds: daySeconds,
      isForever: false,
    };
    drawn.set(key, picture);
    return picture;
  };
  return {
    isServedHere: () => cached !== undefined || isDrawn(),
    known,
    async read(picture) {
      if (isDrawn()) {
        metrics.count('drawn');
        return draw(picture);
      }
      if (cached === undefined) return undefined;
      const { body, length, type } = await cached(picture);
      const etag = `W/"${Bun.hash.wyhash(picture.size + picture.path).toString(36)}-${length.toString(36)}"`;
      return { body, length, type, etag, maxAgeSeconds: yearSeconds, isForever: true };
    },
  };
}
