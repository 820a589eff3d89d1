import { Elysia } from 'elysia';
import { NexusError } from '#shared/errors.ts';
import { matchesEtag } from '../http/answers/send-ready.ts';
import type { ClientAddress } from '../http/callers/client-address.ts';
import { type Guard, stateGuard } from '../http/callers/route-needs.ts';
import { picturesPath } from '../http/input/picture-base.ts';
import { createCallerThrottle } from '../http/throttles/caller-throttle.ts';
import type { OpenLimit } from '../http/throttles/open-limits.ts';
import { placeLimitsOf } from '../http/throttles/place-limit.ts';
import { createRequestThrottle } from '../http/throttles/request-throttle.ts';
import { addressKey } from '../http/throttles/throttle-key.ts';
import { openPictureHeaders } from './picture-failure.ts';
import { pictureNameOf } from './picture-name.ts';
import type { Pictures } from './pictures.ts';

/** A page has 40 of them: five times what else a caller may ask for. */
export const pictureLimit = { name: 'pictures', points: 1500, durationSeconds: 30 } as const;
/** Of an address over all who call from there. */
export const pictureAddressLimit = { name: 'address-pictures', points: 9000, durationSeconds: 60 } as const;

interface PictureRoutesDeps {
  pictures: Pictures;
  /** `undefined`: everybody may ask as often as they like. */
  openLimit: OpenLimit | undefined;
  addressOf: ClientAddress;
}

interface Asked {
  params: { size: string; name: string };
  request: Request;
  set: { headers: Record<string, string | number | undefined> };
}

/** A picture can hold a program (SVG): it runs nowhere, and loads nothing. */
const contentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

/** `GET /t/p/{size}/{path}`, at TMDb's own paths. Like those it is open to everybody, and in no envelope. */
export function pictureRoutes({ pictures, openLimit, addressOf }: PictureRoutesDeps) {
  const throttle = openLimit && openThrottle(openLimit);
  const guard: Guard = {
    need: 'nothing',
    async judge(request) {
      const address = addressOf(request);
      await throttle?.take(addressKey(address), address);
      return undefined;
    },
  };
  return new Elysia({ name: 'pictures' }).get(
    `${picturesPath}/:size/:name`,
    stateGuard(guard, async ({ params, request, set }: Asked) => {
      await guard.judge(request);
      const picture = pictureNameOf(params.size, params.name);
      const found = picture && (await pictures.read(picture));
      if (found === undefined) throw new NexusError('not_found', 'There is no such picture.');
      const { etag, maxAgeSeconds, type, body } = found;
      Object.assign(set.headers, openPictureHeaders, {
        etag,
        'cache-control': `public, max-age=${maxAgeSeconds}${found.isForever ? ', immutable' : ''}`,
        'content-security-policy': contentSecurityPolicy,
      });
      const known = request.headers.get('if-none-match');
      if (known !== null && matchesEtag(known, etag)) {
        if (body instanceof ReadableStream) body.cancel().catch(() => {});
        return new Response(null, { status: 304 });
      }
      set.headers['content-type'] = type;
      if (!(body instanceof ReadableStream)) return body;
      if (request.method !== 'HEAD') return new Response(body);
      await body.cancel();
      return new Response(null, { headers: { 'content-length': String(found.length) } });
    }),
    { detail: { hide: true } },
  );
}

function openThrottle(openLimit: OpenLimit) {
  const now = () => performance.now();
  return createCallerThrottle({
    own: createRequestThrottle(openLimit(pictureLimit), now),
    places: placeLimitsOf(pictureAddressLimit).map((limit) => createRequestThrottle(openLimit(limit), now)),
  });
}
