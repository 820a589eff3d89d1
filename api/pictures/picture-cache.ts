import { LRUCache } from 'lru-cache';
import pLimit from 'p-limit';
import { NexusError } from '#shared/errors.ts';
import type { Log } from '#shared/log.ts';
import { mostEntries } from '#shared/most-entries.ts';
import { type FetchOutcome, fetchPicture } from './fetch-picture.ts';
import type { KeptPicture, PictureFolder } from './picture-folder.ts';
import type { PictureMetrics } from './picture-metrics.ts';
import type { PictureName } from './picture-name.ts';

/** Calls at the same time, and how many may wait for one. */
const fetchesAtOnce = 8;
const mostWaiting = 200;
/** Whoever has waited so long for a turn is not fetched for any more. */
const patienceMs = 10_000;
const checksAtOnce = 4;
const mostChecks = 400;
/** Another process may be about to write down what it has just named. */
const secondLookMs = 250;
/** How long an answer that is none holds. */
const absentForMs = 60 * 60_000;
const unknownForMs = 5000;
const failedForMs = 10_000;
const rememberedRefusals = 20_000;
/** So many failures in a row, and nobody asks for a while. */
const mostFailures = 5;
const pauseMs = 10_000;
const tellEveryMs = 60_000;

type Refusal = 'absent' | 'unknown' | 'failed';

interface PictureCacheDeps {
  /** Where TMDb has pictures. */
  imageBaseUrl: string;
  folder: PictureFolder;
  /** Whether a path is one of the mirror's. */
  isKnown: (path: string) => Promise<boolean>;
  metrics: PictureMetrics;
  log: Log;
  stopping: AbortSignal;
}

/** @throws {NexusError} `not_found`, `upstream_unavailable`, `unavailable` */
export type ReadPicture = (picture: PictureName) => Promise<KeptPicture>;

/** TMDb's pictures, each fetched once for all who ask for it, and then kept on disk. */
export function createPictureCache(deps: PictureCacheDeps): ReadPicture {
  const { imageBaseUrl, folder, isKnown, metrics, log, stopping } = deps;
  const refusals = new LRUCache<string, Refusal>(mostEntries(rememberedRefusals));
  const running = new Map<string, Promise<KeptPicture>>();
  const fetches = pLimit(fetchesAtOnce);
  const checks = pLimit(checksAtOnce);
  let failures = 0;
  let pausedUntilMs = 0;
  let toldAtMs = Number.NEGATIVE_INFINITY;

  const refuse = (key: string, refusal: Refusal, ttl: number): NexusError => {
    refusals.set(key, refusal, { ttl });
    return errorOf(refusal);
  };
  const keep = async (key: string, picture: Extract<FetchOutcome, object>) => {
    try {
      await folder.keep(key, picture);
    } catch (error) {
      // A full disk: the picture is served all the same, and fetched again.
      if (performance.now() - toldAtMs < tellEveryMs) return;
      toldAtMs = performance.now();
      log.warn({ err: error }, 'a picture could not be kept: is the disk full?');
    }
  };
  const learn = (outcome: FetchOutcome) => {
    failures = outcome === 'away' ? failures + 1 : 0;
    if (failures >= mostFailures) pausedUntilMs = performance.now() + pauseMs;
  };
  const fetchIt = async (key: string, { size, path }: PictureName, askedAtMs: number) => {
    const nowMs = performance.now();
    if (nowMs < pausedUntilMs || nowMs - askedAtMs > patienceMs) throw errorOf('failed');
    const outcome = await fetchPicture(`${imageBaseUrl}/${size}${path}`, stopping);
    learn(outcome);
    metrics.count(typeof outcome === 'string' ? outcome : 'fetched');
    if (outcome === 'absent') throw refuse(key, 'absent', absentForMs);
    if (typeof outcome === 'string') throw refuse(key, 'failed', failedForMs);
    await keep(key, outcome);
    return { body: outcome.bytes, length: outcome.bytes.length, type: outcome.type };
  };
  const check = (path: string) => {
    if (checks.pendingCount >= mostChecks) throw overloaded();
    return checks(() => isKnown(path));
  };
  // Nobody waits for their turn while somebody else only waits.
  const isKnownSoon = async (path: string) =>
    (await check(path)) || (await Bun.sleep(secondLookMs).then(() => check(path)));
  const find = async (key: string, picture: PictureName): Promise<KeptPicture> => {
    const kept = await folder.read(key);
    if (kept !== undefined) {
      metrics.count('kept');
      // A stream is read once: whoever shares this turn reads for themselves.
      return kept;
    }
    if (performance.now() < pausedUntilMs) throw errorOf('failed');
    if (!(await isKnownSoon(picture.path))) {
      metrics.count('unknown');
      throw refuse(key, 'unknown', unknownForMs);
    }
    if (fetches.pendingCount >= mostWaiting) throw overloaded();
    const askedAtMs = performance.now();
    return fetches(() => fetchIt(key, picture, askedAtMs));
  };
  return async (picture) => {
    const key = `${imageBaseUrl}/${picture.size}${picture.path}`;
    const refusal = refusals.get(key);
    if (refusal !== undefined) throw errorOf(refusal);
    const shared = running.get(key);
    if (shared !== undefined) {
      const found = await shared;
      if (found.body instanceof Uint8Array) return found;
      return (await folder.read(key)) ?? Promise.reject(errorOf('failed'));
    }
    const mine = find(key, picture).finally(() => running.delete(key));
    running.set(key, mine);
    return mine;
  };
}

const errorOf = (refusal: Refusal): NexusError =>
  refusal === 'failed'
    ? new NexusError('upstream_unavailable', 'This picture cannot be fetched right now.', {
        retryAfterMs: failedForMs,
      })
    : new NexusError('not_found', 'There is no such picture.');

const overloaded = () =>
  new NexusError('unavailable', 'Too many pictures are being fetched. Please try again.', {
    retryAfterMs: 1000,
  });
