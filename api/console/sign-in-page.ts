import { consoleSignInPath } from '../http/callers/console-cookie.ts';
import { html } from './html.ts';
import { layout } from './layout.ts';

interface SignInPage {
  /** Where to go then: a path of the console. */
  next: string;
  email?: string;
  /** Why it did not work. */
  problem?: string;
}

export function signInPage({ next, email = '', problem }: SignInPage): string {
  const main = html`
<section class="card narrow">
<h1>Sign in</h1>
<p class="quiet">The console is for administrators.</p>
${problem !== undefined && html`<p class="problem" role="alert">${problem}</p>`}
<form method="post" action="${consoleSignInPath}">
<input type="hidden" name="next" value="${next}">
<label for="email">Email</label>
<input id="email" name="email" type="email" autocomplete="username" required value="${email}" autofocus>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required>
<button class="primary" type="submit">Sign in</button>
</form>
</section>`;
  return layout({ title: 'Sign in', main });
}
