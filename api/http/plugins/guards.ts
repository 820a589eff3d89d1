import { Elysia } from 'elysia';
import type { Admission } from '../callers/admission.ts';
import type { Viewer } from '../callers/viewer.ts';

/**
 * For routes where `Authorization` is optional: without it `viewer` is `undefined`, but one that proves nothing
 * is refused, before any other input is looked at.
 */
export function optionalViewer(admission: Admission) {
  return new Elysia({ name: 'optional-viewer' }).derive({ as: 'scoped' }, async ({ request }) => ({
    viewer: await admission.admit(request, 'optional'),
  }));
}

/** For routes of one's own data. */
export function signedIn(admission: Admission) {
  return new Elysia({ name: 'signed-in' }).derive({ as: 'scoped' }, async ({ request }) => ({
    viewer: present(await admission.admit(request, 'user')),
  }));
}

/** For administration. */
export function adminOnly(admission: Admission) {
  return new Elysia({ name: 'admin-only' }).derive({ as: 'scoped' }, async ({ request }) => ({
    viewer: present(await admission.admit(request, 'admin')),
  }));
}

/** For the console and what belongs to it: an administrator, by the cookie that signing in to it has set. */
export function consoleOnly(admission: Admission) {
  return new Elysia({ name: 'console-only' }).derive({ as: 'scoped' }, async ({ request }) => ({
    viewer: present(await admission.admit(request, 'console')),
  }));
}

/** For routes that nobody needs to be signed in for, whatever the header says. */
export function anybody(admission: Admission) {
  return new Elysia({ name: 'anybody' }).derive({ as: 'scoped' }, async ({ request }) => {
    await admission.admit(request, 'nothing');
    return {};
  });
}

function present(viewer: Viewer | undefined): Viewer {
  if (viewer === undefined) throw new Error('admitted without a viewer');
  return viewer;
}
