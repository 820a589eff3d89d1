import { Elysia } from 'elysia';
import { requestContext } from '#shared/request-context.ts';
import type { Admission } from '../callers/admission.ts';
import { type Guard, type Need, stateGuard } from '../callers/route-needs.ts';
import type { Viewer } from '../callers/viewer.ts';

/**
 * For routes where `Authorization` is optional: without it `viewer` is `undefined`, but one that proves nothing
 * is refused, before any other input is looked at.
 */
export function optionalViewer(admission: Admission) {
  const guard = guardBy(admission, 'optional');
  const ask = async ({ request }: Asked) => ({ viewer: await guard.judge(request) });
  return beforeBodies('optional-viewer', guard).derive({ as: 'scoped' }, stateGuard(guard, ask));
}

/** For routes with the caller's own data. */
export const signedIn = (admission: Admission) => withViewer('signed-in', guardBy(admission, 'user'));

/** For administration. */
export const adminOnly = (admission: Admission) => withViewer('admin-only', guardBy(admission, 'admin'));

/** For the console and what belongs to it: an administrator, by the cookie that signing in to it has set. */
export const consoleOnly = (admission: Admission) =>
  withViewer('console-only', guardBy(admission, 'console'));

/** For routes that nobody needs to be signed in for, whatever the header says. Requests are counted. */
export const anybody = (admission: Admission) => withoutViewer('anybody', guardBy(admission, 'nothing'));

/** For what machines and browsers ask for all the time: open to everybody, and requests are not even counted. */
export const ungated = () => withoutViewer('ungated', { need: 'nothing', judge: async () => undefined });

/** For a route that asks the gate in its own handler, which `stateGuard` then marks. */
export const guardBy = (admission: Admission, need: Need): Guard => ({
  need,
  judge: (request) => admission.admit(request, need),
  doubt: (request) => admission.doubt(request),
});

interface Asked {
  request: Request;
}

function withViewer(name: string, guard: Guard) {
  const ask = async ({ request }: Asked) => {
    const viewer = present(await guard.judge(request));
    const context = requestContext.getStore();
    if (context !== undefined) context.sessionId = viewer.sessionId;
    return { viewer };
  };
  return beforeBodies(name, guard).derive({ as: 'scoped' }, stateGuard(guard, ask));
}

function withoutViewer(name: string, guard: Guard) {
  const ask = async ({ request }: Asked) => {
    await guard.judge(request);
    return {};
  };
  return beforeBodies(name, guard).derive({ as: 'scoped' }, stateGuard(guard, ask));
}

/**
 * Judges before a body is read. What is derived judges again before input is checked: a GET has no body to read, and while
 * a body arrives a session may end.
 */
const beforeBodies = (name: string, guard: Guard) =>
  new Elysia({ name }).onParse({ as: 'scoped' }, async ({ request }) => {
    await guard.judge(request);
  });

function present(viewer: Viewer | undefined): Viewer {
  if (viewer === undefined) throw new Error('admitted without a viewer');
  return viewer;
}
