import { Elysia, status } from 'elysia';
import type { Admission } from '../../http/callers/admission.ts';
import type { ClientAddress } from '../../http/callers/client-address.ts';
import { done, success } from '../../http/contract/answer.ts';
import { describeRoute } from '../../http/contract/describe-route.ts';
import { invalidInput, perBody, unknownParameter } from '../../http/contract/failures.ts';
import { adminOnly } from '../../http/plugins/guards.ts';
import { keptByNobody } from '../../http/plugins/kept-by-nobody.ts';
import { strictQuery } from '../../http/plugins/query.ts';
import { IssuedKey, Key, KeyParams, NewKey } from './model.ts';
import type { AdminKeys } from './service.ts';

interface AdminKeyRoutesDeps {
  keys: AdminKeys;
  admission: Admission;
  addressOf: ClientAddress;
}

const tag = 'Administration';
const perAdmin = [401, 403, 429, 500, 503] as const;

/** Keys of the TMDb-compatible routes. */
export function adminKeyRoutes({ keys, admission, addressOf }: AdminKeyRoutesDeps) {
  const actorOf = ({ viewer, request }: { viewer: { userId: string }; request: Request }) => ({
    userId: viewer.userId,
    address: addressOf(request),
  });
  return new Elysia({ name: 'admin-keys' })
    .use(adminOnly(admission))
    .use(strictQuery())
    .use(keptByNobody())
    .get('/api/admin/keys', async () => success(await keys.list()), {
      ...describeRoute({
        tag,
        summary: 'List the keys of the TMDb-compatible routes, the newest first',
        data: [Key],
        failures: [unknownParameter, ...perAdmin],
      }),
    })
    .post(
      '/api/admin/keys',
      async ({ body, viewer, request }) =>
        status(201, success(await keys.issue(body.name, actorOf({ viewer, request })))),
      {
        ...describeRoute({
          body: NewKey,
          tag,
          summary: 'Issue a key for the TMDb-compatible routes',
          description:
            'It is shown once, in both shapes that clients of TMDb send. Names are unique, and there are at most 100 keys.',
          data: IssuedKey,
          success: 201,
          failures: [...perBody, invalidInput('name', 'must have 1 to 255 characters'), ...perAdmin],
        }),
      },
    )
    .delete(
      '/api/admin/keys/:id',
      async ({ params, viewer, request, set }) => {
        await keys.revoke(params.id, actorOf({ viewer, request }));
        return done({ set });
      },
      {
        params: KeyParams,
        ...describeRoute({
          tag,
          summary: 'Revoke a key of the TMDb-compatible routes',
          description: 'It opens nothing any more.',
          failures: [
            ...perBody,
            { code: 'not_found', message: 'There is no key with this id.' },
            invalidInput('id', 'must be a UUID'),
            ...perAdmin,
          ],
        }),
      },
    );
}
