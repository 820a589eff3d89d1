import { html } from './html.ts';

/** On top of every signed-in page: where else to go, and the way out. */
export const consoleHeader = html`<nav aria-label="Elsewhere"><a href="/admin/users">Users</a><a href="/admin/log">Security log</a><a href="/admin/keys">Keys</a><a href="/admin/merges">Merges</a><a href="/admin/queues">Bull dashboard</a><a href="/docs">API docs</a><a href="/metrics">Metrics</a></nav>
<form method="post" action="/admin/sign-out"><button type="submit">Sign out</button></form>`;
