import { Elysia } from 'elysia';
import { Reset } from '../auth/model.ts';
import { type PasswordResets, resetPath } from '../auth/password-resets.ts';
import { pageHeaders } from '../http/answers/page-headers.ts';
import type { Admission } from '../http/callers/admission.ts';
import { sentFrom } from '../http/callers/admission.ts';
import type { ClientAddress } from '../http/callers/client-address.ts';
import { callerErrorOf } from '../http/failures/caller-error.ts';
import { nexusErrorOf } from '../http/failures/nexus-error-of.ts';
import { statusOf } from '../http/failures/status-of.ts';
import { formBody } from '../http/input/body-rule.ts';
import { anybody } from '../http/plugins/guards.ts';
import { parsedQuery, queryOf } from '../http/plugins/query.ts';
import type { SecurityLog } from '../security-log/security-log.ts';
import { html } from './html.ts';
import { layout } from './layout.ts';

interface ResetPageDeps {
  resets: PasswordResets;
  security: Pick<SecurityLog, 'record'>;
  admission: Admission;
  addressOf: ClientAddress;
}

const hidden = { detail: { hide: true } };

/** Where the link for a new password leads: for everybody, not only for administrators. */
export function resetPageRoutes({ resets, security, admission, addressOf }: ResetPageDeps) {
  return new Elysia({ name: 'reset-page' })
    .use(anybody(admission))
    .use(parsedQuery())
    .onBeforeHandle(({ set }) => {
      // The address has a secret in it.
      Object.assign(set.headers, pageHeaders, { 'referrer-policy': 'no-referrer' });
    })
    .get(
      resetPath,
      ({ request }) => {
        const { token } = queryOf(request);
        return resetPage({ token: typeof token === 'string' ? token : '' });
      },
      hidden,
    )
    .post(
      resetPath,
      async ({ body, request, set }) => {
        const fields = new URLSearchParams(typeof body === 'string' ? body : '');
        const token = fields.get('token') ?? '';
        const read = Reset.safeParse({ token, password: fields.get('password') ?? '' });
        const refused = (http: number, problem: string) => {
          set.status = http;
          return resetPage({ token, problem });
        };
        if (sentFrom(request) === 'another site') {
          const detail = `POST ${resetPath}`;
          security.record({ event: 'cross_site', outcome: 'refused', address: addressOf(request), detail });
          return refused(403, 'Please use the form on this page.');
        }
        if (!read.success) return refused(422, `The password ${read.error.issues[0]?.message}.`);
        try {
          const address = addressOf(request);
          const userId = await resets.use(read.data, address);
          security.record({ event: 'password_reset', outcome: 'done', userId, address });
        } catch (error) {
          const { code, message, details } = callerErrorOf(nexusErrorOf({ code: 'UNKNOWN', error }));
          if (statusOf[code] >= 500) throw error;
          if (details !== undefined) return refused(statusOf[code], `The password ${details[0]?.message}.`);
          security.record({ event: 'password_reset', outcome: 'refused', address: addressOf(request) });
          return refused(statusOf[code], message);
        }
        return donePage();
      },
      { ...hidden, ...formBody },
    );
}

function resetPage({ token, problem }: { token: string; problem?: string }): string {
  const main = html`
<section class="card narrow">
<h1>New password</h1>
${problem !== undefined && html`<p class="problem" role="alert">${problem}</p>`}
<form method="post" action="${resetPath}">
<input type="hidden" name="token" value="${token.slice(0, 512)}">
<label for="password">New password (8 to 128 characters)</label>
<input id="password" name="password" type="password" autocomplete="new-password" minlength="8" required autofocus>
<button class="primary" type="submit">Save</button>
</form>
</section>`;
  return layout({ title: 'New password', main });
}

function donePage(): string {
  const main = html`<section class="card narrow"><h1>Password saved</h1>
<p role="status">Your new password is saved, and all sessions have ended. You can sign in with it now.</p></section>`;
  return layout({ title: 'Password saved', main });
}
