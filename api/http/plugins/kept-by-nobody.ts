import { Elysia } from 'elysia';
import { addVary } from '../answers/add-vary.ts';

/** For routes whose answers are one caller's alone: no cache keeps them, and none gives them to another. */
export function keptByNobody() {
  return new Elysia({ name: 'kept-by-nobody' }).onBeforeHandle({ as: 'scoped' }, ({ set }) => {
    set.headers['cache-control'] = 'private, no-store';
    addVary(set.headers, 'Authorization');
  });
}
