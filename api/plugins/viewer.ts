import { Elysia } from 'elysia';
import { NexusError } from '#shared/errors.ts';

/** Who asks, as far as a token has proved it. */
export interface Viewer {
  userId: string;
}

/** Whose live session a token belongs to; `undefined` for any other token. */
export type VerifyToken = (token: string) => Promise<Viewer | undefined>;

/**
 * For routes where `Authorization` is optional: without it `viewer` is `undefined`, but one that proves nothing
 * is refused, before any other input is looked at.
 */
export function optionalViewer(verify: VerifyToken) {
  return new Elysia({ name: 'optional-viewer' }).derive({ as: 'scoped' }, async ({ request }) => {
    const header = request.headers.get('authorization');
    return { viewer: header === null ? undefined : await viewerOf(header, verify) };
  });
}

/** @throws {NexusError} `unauthenticated` */
export async function viewerOf(header: string, verify: VerifyToken): Promise<Viewer> {
  const token = /^Bearer +([^\s,]+)$/i.exec(header)?.[1];
  const viewer = token === undefined ? undefined : await verify(token);
  if (viewer === undefined)
    throw new NexusError('unauthenticated', 'The access token is not valid, or no longer.');
  return viewer;
}
