import { Login } from '../auth/model.ts';
import { newToken } from '../auth/session-store.ts';

interface SignInForm {
  /** `undefined`: not even such as could be right. */
  login: Login | undefined;
  email: string;
  next: string;
  /** The form itself, which goes on showing the secret that it has shown. */
  id: string;
}

/** What the form of the sign-in page sends. */
export function readSignInForm(body: unknown): SignInForm {
  const fields = new URLSearchParams(typeof body === 'string' ? body : '');
  const email = fields.get('email') ?? '';
  const code = fields.get('code') || undefined;
  const login = Login.safeParse({ email, password: fields.get('password') ?? '', code });
  const id = fields.get('form') ?? '';
  return {
    login: login.data,
    email: email.slice(0, 320),
    next: ownPath(fields.get('next')),
    id: formId.test(id) ? id : newToken(),
  };
}

const formId = /^[\w-]{43}$/;

/** Nobody is led from the sign-in to another site, whatever the link that brought them here says. */
export function ownPath(next: string | null | undefined): string {
  return typeof next === 'string' && /^\/admin(\/[\w-][\w.-]*)*$/.test(next) ? next : '/admin';
}
