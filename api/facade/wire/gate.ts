import type { ClientAddress } from '../../http/callers/client-address.ts';
import type { CallerThrottle } from '../../http/throttles/caller-throttle.ts';
import { addressKey } from '../../http/throttles/throttle-key.ts';
import type { KnownKey, KnownKeys } from '../keys/known-keys.ts';
import type { AskedQuery } from './asked-query.ts';
import { TmdbFailure } from './tmdb-failure.ts';

/** Who may read `/3`: everybody, or who has a key that an administrator has issued. */
export type FacadeAccess = 'open' | 'keys';

/** As many as TMDb itself allows, about 40 a second: a page of an application makes 20 to 60 calls at once. */
export const facadeLimit = { name: 'facade', points: 1200, durationSeconds: 30 } as const;
/** Of an address over all keys, and of one that has none. */
export const facadeAddressLimit = { name: 'facade-address', points: 6000, durationSeconds: 60 } as const;

interface GateDeps {
  access: FacadeAccess;
  keys: KnownKeys;
  /** `undefined`: everybody may ask as often as they like. */
  throttle: CallerThrottle | undefined;
  addressOf: ClientAddress;
  /** Told of whoever shows what is no key. */
  noteRefused: (request: Request, address: string) => void;
}

/** Whose key a request came with; `null` where none is asked for. */
export type Admitted = KnownKey | null;

export interface Gate {
  /** Admits who can be admitted without waiting; `undefined` for everybody else. */
  admitAtOnce(request: Request, query: AskedQuery): Admitted | undefined;
  /**
   * @throws {TmdbFailure} 7 without a key
   * @throws {NexusError} `too_many_requests`
   */
  admit(request: Request, query: AskedQuery): Promise<Admitted>;
  /** Counts what needs no key, as of whoever has none. @throws {NexusError} `too_many_requests` */
  countKeyless(request: Request): Promise<void>;
}

export function createGate({ access, keys, throttle, addressOf, noteRefused }: GateDeps): Gate {
  const callerOf = (key: Admitted, address: string) =>
    key === null ? addressKey(address) : `facade-key:${key.id}`;
  const isCountedAtOnce = (request: Request, key: Admitted) => {
    if (throttle === undefined) return true;
    const address = addressOf(request);
    return throttle.takeNow(callerOf(key, address), address);
  };
  const count = async (request: Request, key: Admitted) => {
    const address = addressOf(request);
    await throttle?.take(callerOf(key, address), address);
  };
  return {
    countKeyless: (request) => count(request, null),
    admitAtOnce(request, query) {
      if (access === 'open') return isCountedAtOnce(request, null) ? null : undefined;
      const key = keys.peek(shownKey(request, query) ?? '') ?? undefined;
      return key !== undefined && isCountedAtOnce(request, key) ? key : undefined;
    },
    async admit(request, query) {
      const shown = access === 'open' ? undefined : (shownKey(request, query) ?? '');
      const known = shown === undefined ? null : keys.peek(shown);
      if (known === undefined || (known === null && shown !== undefined)) {
        // Whoever shows what is no key is counted by address, before the store is asked.
        await count(request, null);
        const found = known === undefined && shown ? await keys.find(shown) : null;
        if (found !== null) return found;
        if (shown) noteRefused(request, addressOf(request));
        throw new TmdbFailure(7);
      }
      await count(request, known);
      return known;
    },
  };
}

/** `api_key`, or what stands behind `Bearer`. */
function shownKey(request: Request, query: AskedQuery): string | undefined {
  const header = request.headers.get('authorization');
  const token = header === null ? undefined : /^Bearer +(\S+)$/i.exec(header)?.[1];
  return query.get('api_key') ?? token;
}
