import type { ElysiaCustomStatusResponse } from 'elysia';
import type { z } from 'zod';
import type { Pending } from './model.ts';

declare const says: unique symbol;

/**
 * Text or bytes whose content has a type that the compiler checks. The type is exact: content with more
 * fields is another type.
 */
export interface Says<in out T> {
  readonly [says]: (said: T) => T;
}

/** JSON that was made as text, such as by the database. */
export type JsonText<T> = string & Says<T>;

/** @param text JSON that the compiler cannot look into: whoever made it answers for the type */
export const jsonText = <T>(text: string) => text as JsonText<T>;

/** JSON, perhaps as the bytes that came from the database: to make a text of them costs more than all the rest. */
export type Json<T> = JsonText<T> | (Buffer & Says<T>);

export const jsonBytes = <T>(bytes: Buffer) => bytes as Buffer & Says<T>;

/** JSON that comes in pieces. */
export type JsonPieces<T> = AsyncIterable<string> & Says<T>;

/** A complete answer in our envelope, in any form. This is what a handler returns. */
export type Answer<Data, Meta = undefined> = Says<{ data: Data; meta: Meta }>;

/** The answer of a route that returns no data: 204. */
export type Done = Says<'done'>;

/** A stream of server-sent events with this in the `data` of each. */
export type EventStream<T> = Says<{ event: T }>;

export type PendingAnswer = ElysiaCustomStatusResponse<202, z.output<typeof Pending>, 202>;

/**
 * What succeeded, in our envelope.
 * @example
 * success(await genres.all());
 * success<Liveness>({ live: true }); // a literal needs to be told what it is
 */
export function success<Data, Meta = undefined>(
  data: Data,
  ...[meta]: undefined extends Meta ? [] : [meta: Meta]
): Answer<Data, Meta> {
  return { status: 'success', data, ...(meta === undefined ? {} : { meta }) } as never;
}

export function done({ set }: { set: { status?: number | string } }): Done {
  set.status = 204;
  return undefined as never;
}
