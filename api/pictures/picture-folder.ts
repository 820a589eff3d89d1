import { createHash } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, rename, stat, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LRUCache } from 'lru-cache';
import { purgeAfterMs } from '#shared/movies/freshness.ts';
import type { FetchedPicture } from './fetch-picture.ts';
import { pictureTypeOf } from './picture-type.ts';

/** Read whole up to here; longer ones are read as they are taken. */
const heldBytes = 1024 * 1024;
const chunkBytes = 64 * 1024;
const lookAgainMs = 10 * 60_000;
/** No write takes so long: the process that began it is gone. */
const abandonedMs = 60 * 60_000;

export interface KeptPicture {
  body: Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>;
  length: number;
  type: string;
}

/** Pictures on disk, the longest unused of which go when there is no more room. Other processes may share the folder. */
export interface PictureFolder extends Disposable {
  /** Of the pictures that this process knows of. */
  readonly bytes: number;
  read(key: string): Promise<KeptPicture | undefined>;
  /** Written beside its place and then moved there, so that no half one is ever read. @throws if the disk does not take it */
  keep(key: string, picture: FetchedPicture): Promise<void>;
}

interface PictureFolderOptions {
  path: string;
  maxBytes: number;
  now: () => number;
}

/** Opens it at once, and finds out behind that what it holds. */
export function openPictureFolder({ path, maxBytes, now }: PictureFolderOptions): PictureFolder {
  const remove = (name: string) => void unlink(fileOf(path, name)).catch(() => {});
  const known = new LRUCache<string, number>({
    maxSize: maxBytes,
    maxEntrySize: maxBytes,
    sizeCalculation: (bytes) => Math.max(1, bytes),
    // What is only looked at again is neither.
    dispose: (_, name, reason) => reason === 'evict' && remove(name),
  });
  let written = 0;
  const look = async () => {
    for (const { name, bytes, atMs } of await listFiles(path)) {
      const isPart = name.endsWith('.part');
      if (now() - atMs > (isPart ? abandonedMs : purgeAfterMs)) {
        known.delete(name);
        remove(name);
      } else if (!isPart && known.peek(name) === undefined) known.set(name, bytes);
    }
  };
  const lookSafely = () => void look().catch(() => {});
  lookSafely();
  const timer = setInterval(lookSafely, lookAgainMs).unref();
  return {
    get bytes() {
      return known.calculatedSize;
    },
    async read(key) {
      const name = nameOf(key);
      const handle = await open(fileOf(path, name)).catch(() => undefined);
      if (handle === undefined) {
        known.delete(name);
        return undefined;
      }
      const { size, mtimeMs } = await handle.stat();
      const picture = now() - mtimeMs > purgeAfterMs ? undefined : await readFrom(handle, size);
      if (picture === undefined) {
        await handle.close();
        known.delete(name);
        remove(name);
      } else if (known.get(name) === undefined) known.set(name, size);
      return picture;
    },
    async keep(key, { bytes }) {
      if (bytes.length > maxBytes) return;
      const name = nameOf(key);
      const file = fileOf(path, name);
      const part = `${file}.${process.pid}-${++written}.part`;
      await mkdir(join(path, name.slice(0, 2)), { recursive: true, mode: 0o700 });
      try {
        await writeFile(part, bytes, { mode: 0o600 });
        await rename(part, file);
      } catch (error) {
        await unlink(part).catch(() => {});
        throw error;
      }
      known.set(name, bytes.length);
    },
    [Symbol.dispose]: () => clearInterval(timer),
  };
}

const nameOf = (key: string) => createHash('sha256').update(key).digest('hex').slice(0, 40);
const fileOf = (path: string, name: string) => join(path, name.slice(0, 2), name);

/** The oldest first. */
async function listFiles(path: string) {
  const files: { name: string; bytes: number; atMs: number }[] = [];
  for (const folder of await readdir(path).catch(() => [])) {
    for (const name of await readdir(join(path, folder)).catch(() => [])) {
      const found = await stat(join(path, folder, name)).catch(() => undefined);
      if (found?.isFile()) files.push({ name, bytes: found.size, atMs: found.mtimeMs });
    }
  }
  return files.sort((one, other) => one.atMs - other.atMs);
}

/** Closes the file when it is read. @returns `undefined` for what is no picture, and leaves the file open */
async function readFrom(handle: FileHandle, size: number): Promise<KeptPicture | undefined> {
  const start = new Uint8Array(Math.min(size, size <= heldBytes ? size : chunkBytes));
  const { bytesRead } = await handle.read(start, 0, start.length, 0);
  const type = bytesRead === start.length ? pictureTypeOf(start) : undefined;
  if (type === undefined) return undefined;
  if (size > heldBytes) return { body: streamOf(handle, size), length: size, type };
  await handle.close();
  return { body: start, length: size, type };
}

/** It may be deleted meanwhile: an open file stays whole. */
function streamOf(handle: FileHandle, size: number): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { bytesRead, buffer } = await handle.read(new Uint8Array(chunkBytes), 0, chunkBytes, at);
      at += bytesRead;
      if (bytesRead > 0) controller.enqueue(buffer.subarray(0, bytesRead));
      if (bytesRead > 0 && at < size) return;
      await handle.close();
      controller.close();
    },
    cancel: () => handle.close(),
  });
}
