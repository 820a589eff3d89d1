import { Login } from '../auth/model.ts';

interface SignInForm {
  /** `undefined`: not even such as could be right. */
  login: Login | undefined;
  email: string;
  next: string;
}

/** What the form of the sign-in page sends. */
export function readSignInForm(body: unknown): SignInForm {
  const fields = new URLSearchParams(typeof body === 'string' ? body : '');
  const email = fields.get('email') ?? '';
  const code = fields.get('code') || undefined;
  const login = Login.safeParse({ email, password: fields.get('password') ?? '', code });
  return { login: login.data, email: email.slice(0, 320), next: ownPath(fields.get('next')) };
}

/** Nobody is led from the sign-in to another site, whatever the link that brought them here says. */
export function ownPath(next: string | null | undefined): string {
  return typeof next === 'string' && /^\/admin(\/[\w-][\w.-]*)*$/.test(next) ? next : '/admin';
}
