import type { TotpSetup } from '../auth/second-factors.ts';
import { consoleSignInPath } from '../http/callers/console-cookie.ts';
import { consoleHeader } from './console-header.ts';
import { html } from './html.ts';
import { layout } from './layout.ts';

interface SignInPage {
  /** Where to go then: a path of the console. */
  next: string;
  email?: string;
  /** Why it did not work. */
  problem?: string;
  /** What must be set up before. */
  setup?: TotpSetup & { form: string };
}

export function signInPage({ next, email = '', problem, setup }: SignInPage): string {
  const main = html`
<section class="card narrow">
<h1>${setup === undefined ? 'Sign in' : 'Set up your second factor'}</h1>
${setup === undefined ? html`<p class="quiet">The console is for administrators.</p>` : setupPart(setup)}
${problem !== undefined && html`<p class="problem" role="alert">${problem}</p>`}
<form method="post" action="${consoleSignInPath}">
<input type="hidden" name="next" value="${next}">
${setup !== undefined && html`<input type="hidden" name="form" value="${setup.form}">`}
<label for="email">Email</label>
<input id="email" name="email" type="email" autocomplete="username" required value="${email}" autofocus>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required>
<label for="code">Code of your authenticator app${setup === undefined && ' (if you use one), or a recovery code'}</label>
<input id="code" name="code" type="text" autocomplete="one-time-code" maxlength="40">
<button class="primary" type="submit">Sign in</button>
</form>
</section>`;
  return layout({ title: 'Sign in', main });
}

const setupPart = ({ secret, url }: TotpSetup) =>
  html`<p>Administrators of this service need one. Put this secret into an authenticator app, then sign in with a code of it.</p>
<p><code>${secret}</code></p><p><a href="${url}">Open in an app on this device</a></p>`;

/** Shown once, when the second factor begins to count. */
export function recoveryCodesPage({ next, codes }: { next: string; codes: string[] }): string {
  const main = html`<section class="card narrow"><h1>Recovery codes</h1>
<p role="status">Your second factor is set up. Keep these codes: each one works once in place of a code of your app. They are not shown again.</p>
<ul>${codes.map((code) => html`<li><code>${code}</code></li>`)}</ul><p><a href="${next}">To the console</a></p></section>`;
  return layout({ title: 'Recovery codes', main, header: consoleHeader });
}

/** Where what is no page of ours leads for it. Nothing has happened yet. */
export function signOutPage(): string {
  const main = html`<section class="card narrow"><h1>Sign out</h1><p>The button on top signs you out. <a href="/admin">To the console</a></p></section>`;
  return layout({ title: 'Sign out', main, header: consoleHeader });
}
