import { LRUCache } from 'lru-cache';

/** Where the pictures of an answer are. */
export interface PictureBase {
  /** A whole URL is this, `/`, a size, and a path. */
  url: string;
  /** Under which such answers are kept; empty where pictures are in one place for everybody. */
  key: string;
  /** Hardly anybody asks at this address. */
  isOdd: boolean;
  /** Told of each path that an answer names, where only such pictures are fetched. */
  note?: ((path: string) => void) | undefined;
}

/** One place for everybody. */
export const picturesAt = (url: string, key = ''): PictureBase => ({ url, key, isOdd: false });

export type PictureBaseOf = (request: Request) => PictureBase;

export const picturesPath = '/t/p';

interface PictureBaseOptions {
  /** Where TMDb has them. */
  imageBaseUrl: string;
  /** Whether we serve them. That may change when the upstream does. */
  isServedHere: () => boolean;
  publicUrl: string | undefined;
  isSecure: (request: Request) => boolean;
  /** The port that we listen on. */
  port: () => number | undefined;
  note?: PictureBase['note'];
}

const remembered = 100;
const plainOrigin = /^https?:\/\/(?:[\w.-]{1,253}|\[[\da-f:.]{2,45}\])(?::\d{1,5})?$/i;

/**
 * TMDb's address, or ours where we serve pictures: `PUBLIC_URL`, else the one that the request came to, because nothing
 * else is known to lead here from a phone or through the port of a container.
 */
export function createPictureBase(options: PictureBaseOptions): PictureBaseOf {
  const { imageBaseUrl, isServedHere, publicUrl, isSecure, port, note } = options;
  const atTmdb = picturesAt(imageBaseUrl);
  const atPublicUrl =
    publicUrl === undefined ? undefined : { ...picturesAt(publicUrl + picturesPath, '/here'), note };
  const bases = new LRUCache<string, PictureBase>({ max: remembered });
  const baseAt = (origin: string): PictureBase => {
    const known = bases.get(origin);
    if (known !== undefined) return known;
    // What is no plain address becomes a path alone: pages of ours understand that, too.
    const at = plainOrigin.test(origin) ? origin : '';
    const isUsual = /^http:\/\/(localhost|127\.0\.0\.1|\[::1\]):\d+$/i.test(at) && at.endsWith(`:${port()}`);
    const base = { url: at + picturesPath, key: `/${at}`, isOdd: !isUsual, note };
    bases.set(origin, base);
    return base;
  };
  return (request) => {
    if (!isServedHere()) return atTmdb;
    return atPublicUrl ?? baseAt(originOf(request, isSecure(request)));
  };
}

/** As the caller wrote it, which need not be a name that we know. */
function originOf({ url }: Request, isSecure: boolean): string {
  const end = url.indexOf('/', url.indexOf('//') + 2);
  const origin = end === -1 ? url : url.slice(0, end);
  return isSecure ? origin.replace(/^http:/, 'https:') : origin;
}
