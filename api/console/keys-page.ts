import { codeOf } from '#shared/errors.ts';
import { type IssuedKey, type Key, KeyParams, NewKey } from '../admin/keys/model.ts';
import type { AdminKeys } from '../admin/keys/service.ts';
import { seeOther } from '../http/answers/see-other.ts';
import type { ClientAddress } from '../http/callers/client-address.ts';
import { formBody } from '../http/input/body-rule.ts';
import { queryOf } from '../http/plugins/query.ts';
import { consoleHeader } from './console-header.ts';
import { html } from './html.ts';
import { type KeyUsage, readKeyUsage } from './key-usage.ts';
import { layout } from './layout.ts';
import { nameIn, number, table, time } from './parts.ts';
import { type SignedInPagesDeps, signedInPages } from './signed-in-pages.ts';

interface KeysPageDeps extends SignedInPagesDeps {
  keys: AdminKeys;
  addressOf: ClientAddress;
  /** What all processes of the api counted, as Prometheus' text. */
  readMetrics: () => Promise<string>;
}

const hidden = { detail: { hide: true } };

const notices = {
  revoked: 'The key is revoked, and opens nothing any more.',
  missing: 'There is no such key any more.',
  refused:
    'This name cannot be given: a key needs a name of its own of at most 100 characters, and there are at most 100 keys.',
} as const;
type NoticeName = keyof typeof notices;

/** Keys of the TMDb-compatible routes, in the console. */
export function keysPageRoutes({ keys, admission, addressOf, noteActivity, readMetrics }: KeysPageDeps) {
  const known = async () => {
    const [list, metrics] = await Promise.all([keys.list(), readMetrics()]);
    return { keys: list, usage: readKeyUsage(metrics) };
  };
  const actorOf = (userId: string, request: Request) => ({ userId, address: addressOf(request) });
  return signedInPages('console-keys', { admission, noteActivity })
    .get(
      '/admin/keys',
      async ({ request }) =>
        keysPage({ ...(await known()), notice: nameIn(notices, queryOf(request).notice) }),
      hidden,
    )
    .post(
      '/admin/keys',
      async ({ body, viewer, request, set }) => {
        const asked = NewKey.safeParse({ name: new URLSearchParams(String(body ?? '')).get('name') ?? '' });
        if (!asked.success) return seeOther(set, '/admin/keys?notice=refused');
        try {
          const issued = await keys.issue(asked.data.name, actorOf(viewer.userId, request));
          return keysPage({ ...(await known()), issued });
        } catch (error) {
          if (codeOf(error) !== 'invalid_input') throw error;
          return seeOther(set, '/admin/keys?notice=refused');
        }
      },
      { ...hidden, ...formBody },
    )
    .post(
      '/admin/keys/:id/revoke',
      async ({ params, viewer, request, set }) => {
        const said = await keys.revoke(params.id, actorOf(viewer.userId, request)).then(
          () => 'revoked',
          (error) => {
            if (codeOf(error) === 'not_found') return 'missing';
            throw error;
          },
        );
        return seeOther(set, `/admin/keys?notice=${said}`);
      },
      { ...hidden, params: KeyParams },
    );
}

interface KeysPage {
  keys: readonly Key[];
  usage: readonly KeyUsage[];
  notice?: NoticeName | undefined;
  /** Shown once. */
  issued?: IssuedKey | undefined;
}

function keysPage({ keys, usage, notice, issued }: KeysPage): string {
  const main = html`<h1>Keys</h1>
<p class="notice" role="status">${notice !== undefined && notices[notice]}</p>
${
  issued !== undefined &&
  html`<section class="card" aria-labelledby="issued-title"><h2 id="issued-title">The key “${issued.name}”</h2>
<p>It is not shown again. Clients of TMDb take it as one of these two.</p>
<p>API key: <code>${issued.api_key}</code></p><p>Read access token: <code>${issued.token}</code></p></section>`
}
<section class="card" aria-labelledby="keys-title"><h2 id="keys-title">Keys of the TMDb-compatible routes</h2>
<form method="post" action="/admin/keys"><label for="name">Name of a new key</label>
<input id="name" name="name" required maxlength="100"><button type="submit">Issue</button></form>
${table({
  caption: 'Keys, newest first',
  heads: ['Name', 'Since', 'Last used', 'Actions'],
  rows: keys.map((key) => [
    html`${key.name}`,
    time(key.created_at),
    key.last_used_at === null ? html`–` : time(key.last_used_at),
    html`<form method="post" action="/admin/keys/${key.id}/revoke"><button type="submit" aria-label="Revoke: ${key.name}">Revoke</button></form>`,
  ]),
})}</section>
<section class="card" aria-labelledby="usage-title"><h2 id="usage-title">Usage</h2>
<p>Requests since the service started. A key that was revoked is still shown; “(none)” are requests that needed no key.</p>
${table({
  caption: 'Requests by key and route',
  heads: ['Key', 'Route', 'Requests'],
  rows: usage.map(({ key, route, requests }) => [
    html`${key}`,
    html`<code>/3/${route}</code>`,
    html`${number(requests)}`,
  ]),
})}</section>`;
  return layout({ title: 'Keys', main, header: consoleHeader });
}
