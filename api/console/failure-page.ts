import { pageHeaders } from '../http/answers/page-headers.ts';
import { consoleSignInPath } from '../http/callers/console-cookie.ts';
import type { ShownFailure } from '../http/failures/error-answerer.ts';
import { retryHeaders } from '../http/failures/retry-seconds.ts';
import { pathOf } from '../http/input/path-of.ts';
import { html } from './html.ts';
import { layout } from './layout.ts';
import { signInPage } from './sign-in-page.ts';

/**
 * What somebody with a browser is shown instead of the envelope: a way to sign in, or a page that says what is wrong.
 * `undefined` for whatever is no page of the console's.
 */
export function failurePage({ request, error, http, requestId }: ShownFailure): Response | undefined {
  const path = pathOf(request.url);
  if (path !== '/admin' && !path.startsWith('/admin/')) return undefined;
  const accepted = request.headers.get('accept') ?? '*/*';
  const headers = { ...pageHeaders, ...retryHeaders(http, error.retryAfterMs), 'x-request-id': requestId };
  if (!accepted.includes('text/html')) {
    // What takes anything may be no browser, and is led nowhere; but this is a page, refused or not.
    const isPage = path === '/admin' && request.method === 'GET' && accepted.includes('*/*');
    if (!isPage || http !== 401) return undefined;
    return new Response(signInPage({ next: path }), {
      status: 401,
      headers: { ...headers, 'www-authenticate': 'Bearer' },
    });
  }
  if (http === 401 && request.method === 'GET') {
    const location = `${consoleSignInPath}?next=${encodeURIComponent(path)}`;
    return new Response(null, { status: 303, headers: { ...headers, location } });
  }
  const main = html`
<section class="card narrow">
<h1>${http === 403 ? 'Not allowed' : 'This did not work'}</h1>
<p>${error.message}</p>
<p class="quiet">Code <code>${error.code}</code>, request <code>${requestId}</code></p>
<p><a href="/admin">To the console</a> · <a href="${consoleSignInPath}">Sign in with another account</a></p>
</section>`;
  return new Response(layout({ title: 'Failed', main }), { status: http, headers });
}
