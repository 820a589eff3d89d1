import type { Pool } from 'pg';
import { prepared, sql } from '#shared/db/sql.ts';
import type { Log } from '#shared/log.ts';
import type { NoticeHub } from '../store/notice-hub.ts';
import { queryStore } from '../store/query-store.ts';

const identityStatement = prepared<void, { identity: string | null }>(
  'api-upstream-identity',
  () => sql`select identity from upstream where id = 1`,
);

/**
 * Whether the mirror is filled from the built-in sandbox, as the worker wrote it down. Known when this resolves, and
 * followed from then on: a first worker may come later, and `--reset-mirror` may change it.
 */
export async function openSandboxWatch(deps: {
  pool: Pool;
  hub: NoticeHub;
  log: Log;
}): Promise<() => boolean> {
  const { pool, hub, log } = deps;
  let isSandbox = false;
  const look = async () => {
    const [row] = await queryStore(pool, identityStatement());
    isSandbox = row?.identity?.startsWith('sandbox:') === true;
  };
  const lookAgain = () =>
    void look().catch((error: unknown) =>
      log.warn({ err: error }, 'it is not known where the mirror comes from'),
    );
  hub.subscribe({ onGap: lookAgain, onNotice: ({ kind }) => kind === 'upstream' && lookAgain() });
  await look();
  return () => isSandbox;
}
